import type { Phrase } from "../../errors/language.ts";
import { verbatim } from "../../errors/verbatim.ts";

/** What stands in the wrong place may be a secret: it is shown only if it looks like a word. */
export function shownWord(text: string): Phrase {
  return /^-{0,2}([A-Za-z-]{1,24}|[A-Za-z0-9_-]{1,8})$/.test(text)
    ? verbatim(text)
    : { en: "(not shown)", zh: "（未显示）" };
}
