import assert from "node:assert/strict";
import type { Phrase } from "../../src/errors/language.ts";

/** The English of `phrases`, for tests that are about what is said; each must be there in Chinese too. */
export function inEnglish(phrases: readonly Phrase[]): string[] {
  for (const { zh } of phrases) assert.match(zh, /\p{Script=Han}/u);
  return phrases.map(({ en }) => en);
}
