import type { Phrase } from "../../errors/language.ts";

/** A client's file has a text that this program does not change, since it cannot read it for sure. */
export class UnreadableText extends Error {
  /** Where, from 1. */
  readonly line: number;
  /** What is there: one clause. Never quotes the text, which may hold secrets. */
  readonly reason: Phrase;

  /** Makes the error. */
  constructor(line: number, reason: Phrase, options: ErrorOptions = {}) {
    super(`Line ${line}: ${reason.en}`, options);
    this.name = "UnreadableText";
    this.line = line;
    this.reason = reason;
  }
}

/** The line of the character at `offset`, from 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
