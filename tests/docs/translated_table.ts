import type { Language, Phrase } from "../../src/errors/language.ts";
import { markdownTable } from "./markdown_table.ts";
import { inLanguage } from "./translation.ts";

/** What reads the same in every language: code, and values without a blank. */
const NEUTRAL = /^(?:`[^`]+`|\[`[^`]+`\]\(\S+\)|\S*)$/;

/** A Markdown table in `language`, of texts that the code has in every language or that `chinese.json` translates. */
export function translatedTable(
  language: Language,
  header: readonly string[],
  rows: readonly (readonly (string | Phrase)[])[],
): string {
  return markdownTable(
    header.map((cell) => inLanguage(language, cell)),
    rows.map((cells) => cells.map(cellIn)),
  );

  function cellIn(cell: string | Phrase): string {
    if (typeof cell !== "string") return cell[language];
    return NEUTRAL.test(cell) ? cell : inLanguage(language, cell);
  }
}
