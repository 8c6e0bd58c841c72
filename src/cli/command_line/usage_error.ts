import { joinPhrases } from "../../errors/join_phrases.ts";
import type { Phrase } from "../../errors/language.ts";

/** The command line, a setting or standard input cannot be read. `message` is English, for the log. */
export class UsageError extends Error {
  /** One line each. */
  readonly problems: readonly Phrase[];

  /** Makes the error of these problems. */
  constructor(...problems: readonly Phrase[]) {
    super(joinPhrases(problems).en);
    this.name = "UsageError";
    this.problems = problems;
  }
}
