import type { Phrase } from "../../errors/language.ts";
import { verbatim } from "../../errors/verbatim.ts";

/** `text` where it looks like a word. A word in the wrong place may be a secret, so that no other text is shown. */
export function shownWord(text: string): Phrase {
  return /^-{0,2}([A-Za-z-]{1,24}|[A-Za-z0-9_-]{1,8})$/.test(text)
    ? verbatim(text)
    : { en: "(not shown)", zh: "（未显示）" };
}
