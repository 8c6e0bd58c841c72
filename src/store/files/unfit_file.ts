import type { Phrase } from "../../errors/language.ts";

/** Something is in a file's place that is not read: no regular file, or one that is far larger than it can be. */
export class UnfitFile extends Error {
  /** What it is, as the end of a sentence about it. */
  readonly reason: Phrase;

  /** `reason` goes on after a colon. */
  constructor(reason: Phrase) {
    super(reason.en);
    this.name = "UnfitFile";
    this.reason = reason;
  }
}
