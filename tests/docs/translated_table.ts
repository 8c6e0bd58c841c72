import type { Language } from "../../src/errors/language.ts";
import { markdownTable } from "./markdown_table.ts";
import { inLanguage } from "./translation.ts";

/** What reads the same in every language: code, and values without a blank. */
const NEUTRAL = /^(?:`[^`]+`|\[`[^`]+`\]\(#\w+\)|\S*)$/;

/** A Markdown table of English texts, in `language`. */
export function translatedTable(
  language: Language,
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  return markdownTable(
    header.map((cell) => inLanguage(language, cell)),
    rows.map((cells) => cells.map((cell) => NEUTRAL.test(cell) ? cell : inLanguage(language, cell))),
  );
}
