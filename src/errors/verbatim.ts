import type { Phrase } from "./language.ts";

/** A text that is the same in every language: a name, an address, the words of another program. */
export function verbatim(text: string): Phrase {
  return { en: text, zh: text };
}
