import type { Phrase } from "./language.ts";

/** `clause`, which another one may go before, as a sentence of its own. */
export function sentence({ en, zh }: Phrase): Phrase {
  return { en: `${en.charAt(0).toUpperCase()}${en.slice(1)}.`, zh: `${zh}。` };
}
