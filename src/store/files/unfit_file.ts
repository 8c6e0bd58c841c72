import type { Phrase } from "../../errors/language.ts";

/** What is in a file's place must not be read: it is no regular file, or far larger than the file can be. */
export class UnfitFile extends Error {
  /** What it is, as the end of a sentence. */
  readonly reason: Phrase;

  /** `reason` follows a colon. */
  constructor(reason: Phrase) {
    super(reason.en);
    this.name = "UnfitFile";
    this.reason = reason;
  }
}
