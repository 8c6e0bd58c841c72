import type { ComposedServer } from "../../compose.ts";
import { TokenError } from "../../errors/token_error.ts";
import type { Language, Phrase } from "../../errors/language.ts";
import type { Platform } from "../../platform.ts";
import type { AppKeeper } from "../../ports/app_keeper.ts";
import type { Questions } from "../prompt/questions.ts";

/** What a change of a kept app works with. */
export interface AppStage {
  /** The machine. */
  readonly platform: Platform;
  /** Of what people read. */
  readonly language: Language;
  /** The person at the terminal. */
  readonly questions: Questions;
  /** Tokens, logins and log. */
  readonly server: Pick<ComposedServer, "tokens" | "logins" | "log" | "at">;
  /** The kept apps. */
  readonly apps: AppKeeper;
}

/**
 * The kept apps of `server`. Said before anything is asked.
 *
 * @throws TokenError `store_cannot_keep_apps`.
 */
export function keeperOf({ apps }: Pick<ComposedServer, "apps">): AppKeeper {
  if (apps === null) throw new TokenError("store_cannot_keep_apps");
  return apps;
}

/** Writes a line of the outcome to standard output. */
export function tellOutcome(
  { platform, language }: Pick<AppStage, "platform" | "language">,
  line: Phrase,
): void {
  platform.stdout.write(`${line[language]}\n`);
}
