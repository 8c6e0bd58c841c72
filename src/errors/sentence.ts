import type { Phrase } from "./language.ts";

/** A clause as a sentence of its own: with a capital letter in English, and a period. */
export function sentence({ en, zh }: Phrase): Phrase {
  return { en: `${en.charAt(0).toUpperCase()}${en.slice(1)}.`, zh: `${zh}。` };
}
