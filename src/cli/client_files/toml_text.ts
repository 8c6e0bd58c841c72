import type { EntryFields } from "./entry_format.ts";

/** A key as TOML has it: bare where that is possible. */
export function tomlKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : tomlString(key);
}

/** A basic string. JSON has the same escapes, but for one character that TOML wants escaped. */
export function tomlString(text: string): string {
  return JSON.stringify(text).replaceAll("\u007f", "\\u007F");
}

/** The lines `key = value` of those fields that are texts or lists of texts. */
export function tomlLines(fields: EntryFields): string[] {
  return Object.entries(fields).flatMap(([key, value]) => {
    if (typeof value === "string") return [`${tomlKey(key)} = ${tomlString(value)}`];
    if (!Array.isArray(value)) return [];
    return [`${tomlKey(key)} = [${value.map((each) => tomlString(String(each))).join(", ")}]`];
  });
}

/** The header of a table. */
export function tomlHeader(path: readonly string[]): string {
  return `[${path.map(tomlKey).join(".")}]`;
}

/** A table with its fields; those that have fields of their own become tables below it, where they have any. */
export function tomlTable(path: readonly string[], fields: EntryFields): string[] {
  return [
    tomlHeader(path),
    ...tomlLines(fields),
    ...subtables(fields).flatMap(([key, table]) => ["", tomlHeader([...path, key]), ...tomlLines(table)]),
  ];
}

/** The fields that are tables and have something in them. */
export function subtables(fields: EntryFields): [string, EntryFields][] {
  return Object.entries(fields).flatMap(([key, value]): [string, EntryFields][] =>
    typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
      ? [[key, { ...value }]]
      : []
  );
}
