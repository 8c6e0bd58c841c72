import { joinPhrases } from "../../errors/join_phrases.ts";
import type { Phrase } from "../../errors/language.ts";

/** The session configuration that came with a request cannot be read. No problem repeats a value. `message` is English. */
export class InvalidSession extends Error {
  /** Every one at once, one line each. */
  readonly problems: readonly Phrase[];

  /** Refuses the request that has these problems. */
  constructor(problems: readonly Phrase[]) {
    super(lineOf(problems).en);
    this.name = "InvalidSession";
    this.problems = problems;
  }

  /** All of it in one line. */
  get line(): Phrase {
    return lineOf(this.problems);
  }
}

function lineOf(problems: readonly Phrase[]): Phrase {
  const { en, zh } = joinPhrases(problems);
  return { en: `Session configuration refused: ${en}`, zh: `会话配置被拒绝：${zh}` };
}
