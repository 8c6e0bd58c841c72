import { parse } from "smol-toml";

/** A table's header, or a key with its value: from its line on to the end of its last one. */
export interface TomlStatement {
  /** A header of a table, of an array of tables, or a key. */
  readonly kind: "table" | "tables" | "key";
  /** The parts of its name. */
  readonly path: readonly string[];
  /** Offset of its first line. */
  readonly from: number;
  /** Offset behind the end of its last line. */
  readonly to: number;
}

const TOML_QUOTES = [`"""`, `'''`, `"`, `'`] as const;

/**
 * The statements of a text that is TOML, in their order. Blank lines and comments belong to none.
 *
 * The reader knows of strings, brackets and comments alone; what is made of it is compared by a parser.
 */
export function tomlStatements(text: string): TomlStatement[] {
  const statements: TomlStatement[] = [];
  for (let from = 0; from < text.length;) {
    const to = statementEnd(text, from);
    const source = text.slice(from, to);
    const trimmed = source.trim();
    if (trimmed !== "" && !trimmed.startsWith("#")) {
      const kind = trimmed.startsWith("[[") ? "tables" : trimmed.startsWith("[") ? "table" : "key";
      statements.push({ kind, path: pathOf(kind, trimmed), from, to });
    }
    from = to;
  }
  return statements;
}

/** Whether two names are the same. */
export function isSamePath(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((part, at) => part === b[at]);
}

/** Offset behind the end of the line at which the statement that begins at `from` is complete. */
function statementEnd(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length;) {
    const character = text.charAt(at);
    const quote = TOML_QUOTES.find((each) => text.startsWith(each, at));
    if (quote !== undefined) {
      at = stringEnd(text, at + quote.length, quote);
    } else if (character === "#") {
      at = lineEnd(text, at);
    } else if (character === "\n" && depth === 0) {
      return at + 1;
    } else {
      if (character === "[" || character === "{") depth++;
      if (character === "]" || character === "}") depth--;
      at++;
    }
  }
  return text.length;
}

function stringEnd(text: string, from: number, quote: string): number {
  const isBasic = quote.startsWith(`"`);
  for (let at = from; at < text.length; at++) {
    if (isBasic && text.charAt(at) === "\\") at++;
    else if (text.startsWith(quote, at)) {
      const end = at + quote.length;
      // As many as two quotation marks may stand in front of the three that end a string.
      const more = quote.length === 3 ? /^["']{0,2}/.exec(text.slice(end, end + 2))?.[0] ?? "" : "";
      return end + [...more].filter((each) => each === quote.charAt(0)).length;
    }
  }
  return text.length;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}

/** The parser reads names: they may be quoted, and have dots in them. */
function pathOf(kind: TomlStatement["kind"], source: string): string[] {
  const path: string[] = [];
  let at: unknown = parse(source);
  // A key's path goes on into its value where that is an inline table: only its beginning is of interest.
  while (typeof at === "object" && at !== null) {
    const [first] = Array.isArray(at) ? [undefined] : Object.entries(at);
    if (first === undefined) break;
    path.push(first[0]);
    at = first[1];
    if (kind === "key" && !isPlainTable(at)) break;
  }
  return path;
}

function isPlainTable(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
