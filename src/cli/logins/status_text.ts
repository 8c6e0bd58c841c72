import type { Language } from "../../errors/language.ts";
import { columnsOf, wrapText } from "../command_line/wrap_text.ts";
import type { LoginFact } from "./login_facts.ts";

const GAP = "  ";

/**
 * The facts of each login as a table, or, where that is wider than `columns`, as a list of lines for each login.
 *
 * @param columns absent where the text is not shown on a terminal.
 */
export function statusText(
  logins: readonly (readonly LoginFact[])[],
  language: Language,
  columns = Infinity,
): string {
  const table = tableLines(logins, language);
  const fits = table.every((line) => columnsOf(line) <= columns);
  const lines = fits ? table : logins.flatMap((facts, index) => [
    ...(index === 0 ? [] : [""]),
    ...listLines(facts, language, columns),
  ]);
  return lines.map((line) => `${line}\n`).join("");
}

function tableLines(logins: readonly (readonly LoginFact[])[], language: Language): string[] {
  const [first = []] = logins;
  const rows = [
    first.map(({ label }) => label[language]),
    ...logins.map((facts) => facts.map(({ value }) => value[language])),
  ];
  const widths = first.map((_fact, column) => Math.max(...rows.map((row) => columnsOf(row[column] ?? ""))));
  return rows.map((row) => row.map((cell, column) => padded(cell, widths[column] ?? 0)).join(GAP).trimEnd());
}

function listLines(facts: readonly LoginFact[], language: Language, columns: number): string[] {
  const indent = Math.max(...facts.map(({ label }) => columnsOf(label[language]))) + GAP.length;
  return facts.flatMap(({ label, value }) => {
    // A word that is wider than what is left is shown whole: an open_id is copied.
    const [first = "", ...rest] = wrapText(value[language], Math.max(1, columns - indent));
    return [
      padded(label[language], indent) + first,
      ...rest.map((line) => " ".repeat(indent) + line),
    ];
  });
}

function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - columnsOf(text)));
}
