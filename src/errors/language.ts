/** The languages of messages. */
export const LANGUAGES = ["en", "zh"] as const;

/** One of {@linkcode LANGUAGES}: English or Simplified Chinese. */
export type Language = (typeof LANGUAGES)[number];

/** A text in every language. */
export type Phrase = Readonly<Record<Language, string>>;

/** The language for `locale`, a BCP 47 tag or POSIX name (`zh_CN.UTF-8`); English where it is not known. */
export function languageOf(locale: string | undefined): Language {
  return /^zh(?![a-z])/i.test(locale ?? "") ? "zh" : "en";
}
