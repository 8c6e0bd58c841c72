import type { Language } from "../../src/errors/language.ts";
import chinese from "./chinese.json" with { type: "json" };

const CHINESE: Readonly<Record<string, string>> = chinese;

/**
 * A text of the code for a page in `language`.
 *
 * @throws RangeError when `chinese.json` has no translation of it, so that no page falls behind the code unnoticed.
 */
export function inLanguage(language: Language, english: string): string {
  if (language === "en" || english === "") return english;
  const translation = CHINESE[english];
  if (translation === undefined) {
    throw new RangeError(`tests/docs/chinese.json does not translate "${english}"`);
  }
  return translation;
}
