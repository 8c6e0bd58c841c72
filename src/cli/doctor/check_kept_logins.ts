import type { ComposedServer } from "../../compose.ts";
import type { Phrase } from "../../errors/language.ts";
import { TokenError } from "../../errors/token_error.ts";
import type { KeptLogin } from "../../ports/logins.ts";
import type { ShellSettings } from "../launch/carried_flags.ts";
import { canBeKept, findKeepers, KEEP_THEM, namedKeepers } from "../logins/find_keepers.ts";
import { shownTime } from "../logins/shown_time.ts";
import { type Check, ok, skip, warn } from "./check.ts";

/** What {@linkcode checkKeptLogins} needs. */
export interface KeptLoginsOptions {
  /** With its store open. */
  readonly server: Pick<ComposedServer, "logins" | "log" | "hasOtherProcesses">;
  /** Name the store. */
  readonly shell: ShellSettings;
  /** Of that Feishu: Unix milliseconds. */
  readonly nowMs: number;
}

/** Whether anything renews the kept logins in time, and until when they last where nothing does. */
export async function checkKeptLogins(
  { server, shell, nowMs }: KeptLoginsOptions,
): Promise<Check> {
  const { logins, log } = server;
  let kept: readonly KeptLogin[];
  try {
    kept = await logins.list(null, { owner: "local", log });
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    return skip("kept logins", error.problem);
  }
  if (kept.length === 0) return ok("kept logins", { en: "nobody is logged in", zh: "没有已登录的用户" });
  const count: Phrase = {
    en: kept.length === 1 ? "one" : String(kept.length),
    zh: `${kept.length} 个`,
  };
  if (!canBeKept(kept)) {
    return ok("kept logins", { en: `${count.en}, none to renew`, zh: `${count.zh}，没有可刷新的` });
  }
  const names = namedKeepers(await findKeepers(server, shell));
  if (names !== undefined) {
    return ok("kept logins", {
      en: `${count.en}, renewed in time by ${names.en}`,
      zh: `${count.zh}，由${names.zh}按时刷新`,
    });
  }
  const end = shownTime(firstEndMs(kept), { nowMs, timeZone: shell.platform.timeZone });
  return warn("kept logins", {
    en: `${count.en}, and nothing is seen here that renews them: the first ends ${end.en}`,
    zh: `${count.zh}，未发现会刷新它们的程序：最早的将于 ${end.zh}失效`,
  }, { en: `${KEEP_THEM.en}.`, zh: `${KEEP_THEM.zh}。` });
}

/** When the first of those that can be renewed ends without that. */
function firstEndMs(kept: readonly KeptLogin[]): number {
  const ends = kept.filter((login) => canBeKept([login])).map((
    { refreshTokenExpiresAtMs, accessTokenExpiresAtMs },
  ) => refreshTokenExpiresAtMs ?? accessTokenExpiresAtMs);
  return Math.min(...ends);
}
