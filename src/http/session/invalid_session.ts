import { joinPhrases } from "../../errors/join_phrases.ts";
import type { Phrase } from "../../errors/language.ts";

/** The session configuration of a request cannot be read. `message` is English. No problem repeats a value. */
export class InvalidSession extends Error {
  /** All of them, one line each. */
  readonly problems: readonly Phrase[];

  /** Lists `problems`, which never repeat a value. */
  constructor(problems: readonly Phrase[]) {
    super(lineOf(problems).en);
    this.name = "InvalidSession";
    this.problems = problems;
  }

  /** All problems in one line. */
  get line(): Phrase {
    return lineOf(this.problems);
  }
}

function lineOf(problems: readonly Phrase[]): Phrase {
  const { en, zh } = joinPhrases(problems);
  return { en: `Session configuration refused: ${en}`, zh: `会话配置被拒绝：${zh}` };
}
