import type { Language, Phrase } from "./language.ts";

/**
 * The program cannot start. Its text is one line for whoever started it: what is wrong and what to do, without a stack
 * trace and never with a secret. `message` is English.
 */
export class StartError extends Error {
  readonly #text: Phrase;

  /** Makes the error; a `text` that is a mere string is English alone. `cause` is for the debug log alone. */
  constructor(text: string | Phrase, options?: ErrorOptions) {
    const phrase = typeof text === "string" ? { en: text, zh: text } : text;
    super(phrase.en, options);
    this.name = "StartError";
    this.#text = phrase;
  }

  /** The line in `language`; in English where there is no other. */
  textIn(language: Language): string {
    return this.#text[language];
  }
}
