import { StartError } from "../errors/start_error.ts";
import { TokenError } from "../errors/token_error.ts";
import type { Clock } from "../ports/clock.ts";
import type { Random } from "../ports/random.ts";
import { TIME_IS_UP, within } from "../time/within.ts";
import { isBusy } from "./kv_calls.ts";
import type { StorePlace } from "./place.ts";

const OPEN_DEADLINE_MS = 5_000;
const BUSY_PAUSE_MS = 50;

/** What {@linkcode openKvAt} needs. */
export interface OpenKvOptions {
  /** What to open. */
  readonly place: StorePlace;
  /** `Deno.openKv`. */
  readonly openKv: (path?: string) => Promise<Deno.Kv>;
  /** Counts the deadline and the pauses. */
  readonly clock: Clock;
  /** Spreads the tries of several processes. */
  readonly random: Random;
}

/**
 * Opens the database at a place, with a deadline, and with patience while another process opens the same file.
 *
 * @throws StartError in one line.
 */
export async function openKvAt(options: OpenKvOptions): Promise<Deno.Kv> {
  const { place, openKv, clock, random } = options;
  const untilMs = clock.monotonic() + OPEN_DEADLINE_MS;
  for (;;) {
    try {
      const opening = openKv(kvPath(place));
      const kv = await within(clock, untilMs - clock.monotonic(), opening);
      if (kv !== TIME_IS_UP) return kv;
      // It may still open; nobody will use it then.
      opening.then((late) => late.close()).catch(() => {});
      throw new StartError(`${describe(place)} does not answer: check FEISHU_TOKEN_KV`);
    } catch (error) {
      if (!isBusy(error) || clock.monotonic() >= untilMs) throw startError(place, error);
      await clock.sleep(BUSY_PAUSE_MS * (0.5 + random.fraction()));
    }
  }
}

/** What keeps the store at `place` from being used, in one line, for whoever starts the program. */
export function startError(place: StorePlace, error: unknown): StartError {
  if (error instanceof StartError) return error;
  const cause = error instanceof TokenError ? error.cause ?? error : error;
  return new StartError(`${describe(place)} ${problem(place, cause)}`, { cause });
}

function problem(place: StorePlace, error: unknown): string {
  const [text = ""] = textOf(error).split("\n");
  if (isBusy(error)) return "is locked by another program";
  if (text.includes("not a database")) return "is not a Deno KV file: name another with --kv PATH";
  if (text.includes("malformed")) return "is damaged: restore it from a backup";
  if (text.includes("DENO_KV_ACCESS_TOKEN")) return "needs an access token: set DENO_KV_ACCESS_TOKEN";
  if (place.kind !== "remote") return `cannot be opened: ${text}`;
  // Deno's own texts repeat the whole URL, which may hold a password or a key.
  if (/status 401|401 Unauthorized/.test(text)) return "refused the access token: set DENO_KV_ACCESS_TOKEN";
  if (/client error \(Connect\)|dns error|timed out/.test(text)) {
    return "cannot be reached: check FEISHU_TOKEN_KV";
  }
  if (text.includes("not a valid KV Connect endpoint")) return "is not a KV database: check FEISHU_TOKEN_KV";
  return `cannot be opened: ${text.replaceAll(place.url, new URL(place.url).origin)}`;
}

function textOf(error: unknown): string {
  if (error instanceof TokenError) return error.detail.detail?.en ?? error.message;
  return error instanceof Error ? error.message : "unknown cause";
}

function describe(place: StorePlace): string {
  if (place.kind === "file") return `The token store ${place.path}`;
  if (place.kind === "remote") return `The token store at ${new URL(place.url).origin}`;
  return "The token store";
}

function kvPath(place: StorePlace): string | undefined {
  switch (place.kind) {
    case "file":
      return place.path;
    case "memory":
      return ":memory:";
    case "remote":
      return place.url;
    case "platform":
      return undefined;
  }
}
