import type { Phrase } from "./language.ts";

/** Clauses in one line, separated by the semicolon of each language. */
export function joinPhrases(phrases: readonly Phrase[]): Phrase {
  return {
    en: phrases.map(({ en }) => en).join("; "),
    zh: phrases.map(({ zh }) => zh).join("；"),
  };
}
