import { EXIT_CODES } from "../command_line/exit_codes.ts";
import type { Language, Phrase } from "../../errors/language.ts";
import type { KeepReport, KeptLogin } from "../../ports/logins.ts";
import { runWork, type WorkCommand } from "../work/run_work.ts";
import { loginReport } from "./login_report.ts";
import { shownTime, type ShownTimeOptions } from "./shown_time.ts";
import { shownUser } from "./shown_user.ts";

/** The parts of the report, by their name for programs. */
const KEEP_PARTS = {
  renewed: { en: "renewed", zh: "已刷新" },
  failed: { en: "not renewed", zh: "刷新失败" },
  without_secret: { en: "not renewed, its App Secret is not at hand", zh: "未刷新，缺少该应用的 App Secret" },
  ending: { en: "ends soon, or can be renewed no more", zh: "即将结束，或已无法刷新" },
} as const satisfies Record<string, Phrase>;

/**
 * Does one round of keep-alive for the environment's app, and prints what it has done.
 *
 * @returns the exit code: 3 where a login ends within three days or can be renewed no more.
 */
export function runKeep(command: WorkCommand): Promise<number> {
  const { platform, ownFlags } = command;
  const asJson = ownFlags.json === true;
  return runWork(
    command,
    asJson,
    ({ language, withServer }) =>
      withServer(async ({ logins, log }, { credentials, clock }) => {
        const report = await logins.keep([credentials()], { owner: "local", log });
        const parts = byName(report);
        if (asJson) {
          const json = Object.fromEntries(
            parts.map(([name, kept]) => [name, kept.map((login) => loginReport(login, { language }))]),
          );
          platform.stdout.write(`${JSON.stringify(json)}\n`);
        } else {
          const times = { nowMs: clock.now(), timeZone: platform.timeZone };
          platform.stdout.write(keepText(parts, language, times));
        }
        return report.ending.length > 0 ? EXIT_CODES.config : 0;
      }),
  );
}

type Parts = readonly (readonly [keyof typeof KEEP_PARTS, readonly KeptLogin[]])[];

function byName({ renewed, failed, withoutSecret, ending }: KeepReport): Parts {
  return [["renewed", renewed], ["failed", failed], ["without_secret", withoutSecret], ["ending", ending]];
}

function keepText(parts: Parts, language: Language, times: ShownTimeOptions): string {
  const lines = parts.flatMap(([name, logins]) =>
    logins.map((login) => lineOf(KEEP_PARTS[name], login, language, times))
  );
  const nothing: Phrase = { en: "Nothing was due", zh: "没有需要刷新的登录" };
  return lines.length === 0 ? `${nothing[language]}\n` : lines.join("");
}

function lineOf(part: Phrase, login: KeptLogin, language: Language, times: ShownTimeOptions): string {
  const { user, appId, brand, problem } = login;
  const until = shownTime(login.refreshTokenExpiresAtMs ?? login.accessTokenExpiresAtMs, times);
  const why = problem?.sentence({ language, brand, door: "cli" });
  const line: Phrase = {
    en: `${shownUser(user).en} of ${appId}: ${part.en}; good until ${until.en}${
      why === undefined ? "" : `. ${why}`
    }`,
    zh: `${shownUser(user).zh}，应用 ${appId}：${part.zh}；有效期至 ${until.zh}${
      why === undefined ? "" : `。${why}`
    }`,
  };
  return `${line[language]}\n`;
}
