import { type Language, LANGUAGES } from "../errors/language.ts";

/**
 * The language of this program that `Accept-Language` prefers; `otherwise` where it names none. Malformed ranges are
 * ignored.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4
 */
export function acceptedLanguage(header: string | null, otherwise: Language): Language {
  const ranges = (header ?? "").split(",").flatMap((item) => readRange(item) ?? []);
  const [first] = ranges.filter(({ quality }) => quality > 0).sort((a, b) => b.quality - a.quality);
  return first?.language ?? otherwise;
}

function readRange(item: string): { readonly language: Language; readonly quality: number } | undefined {
  const [, primary, quality = "1"] =
    /^\s*([a-z]{2,3})(?:-[a-z0-9-]+)?\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?$/i.exec(item) ?? [];
  const language = LANGUAGES.find((each) => each === primary?.toLowerCase());
  return language === undefined ? undefined : { language, quality: Number(quality) };
}
