import type { Phrase } from "./language.ts";

/** What is the same in every language: a name, an address, what another program said. */
export function verbatim(text: string): Phrase {
  return { en: text, zh: text };
}
