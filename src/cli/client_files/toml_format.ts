import { parse, TomlError } from "smol-toml";
import { verbatim } from "../../errors/verbatim.ts";
import type { EntryFields, EntryFormat } from "./entry_format.ts";
import { asFields, hasFields, isSameValue } from "./plain_value.ts";
import { isSamePath, tomlStatements } from "./toml_statements.ts";
import { tableSpans, withoutSpans } from "./toml_spans.ts";
import { subtables, tomlHeader, tomlLines, tomlTable } from "./toml_text.ts";
import { lineAt, UnreadableText } from "./unreadable_text.ts";

/** TOML, in which each entry is a table `[section.NAME]` with tables of its own below. */
export function tomlFormat(section: string): EntryFormat {
  return {
    entries(text): ReadonlyMap<string, unknown> {
      return new Map(Object.entries(asFields(parsed(text)[section])));
    },
    set(text, name, fields, dropped): string {
      const before = parsed(text);
      const path = [section, name];
      const exists = Object.hasOwn(asFields(before[section]), name);
      // An empty table is left out, which means the same.
      const written = withoutEmpty(fields);
      const absent = [...dropped, ...Object.keys(fields).filter((field) => !Object.hasOwn(written, field))];
      if (exists && hasFields(asFields(before[section])[name], written, absent)) return text;
      const after = exists
        ? replaced(text, path, fields, dropped)
        : appended(text, tomlTable(path, fields), eolOf(text));
      return proven(text, before, after, section, (entries) => {
        const rest = Object.entries(asFields(entries[name])).filter(([field]) => !dropped.includes(field));
        return { ...entries, [name]: withoutEmpty({ ...Object.fromEntries(rest), ...fields }) };
      });
    },
    remove(text, name): string {
      const before = parsed(text);
      if (!Object.hasOwn(asFields(before[section]), name)) return text;
      const spans = tableSpans(text, [section, name], () => true);
      return proven(text, before, withoutSpans(text, spans), section, (entries) => {
        const { [name]: _removed, ...rest } = entries;
        return rest;
      });
    },
  };
}

/** The text that holds the entry and nothing else. */
export function tomlSnippet(section: string, name: string, fields: EntryFields): string {
  return `${tomlTable([section, name], fields).join("\n")}\n`;
}

function parsed(text: string): EntryFields {
  try {
    return { ...parse(text, { integersAsBigInt: true }) };
  } catch (cause) {
    if (cause instanceof TomlError) {
      const [reason = ""] = cause.message.replace(/^Invalid TOML document: /, "").split("\n", 1);
      throw new UnreadableText(cause.line, verbatim(reason), { cause });
    }
    if (!(cause instanceof RangeError)) throw cause;
    throw new UnreadableText(1, { en: "it is nested too deeply", zh: "嵌套过深" }, { cause });
  }
}

/** The table `path` with new lines for `fields`, and the tables below it for those of them that are tables. */
function replaced(
  text: string,
  path: readonly string[],
  fields: EntryFields,
  dropped: readonly string[],
): string {
  const eol = eolOf(text);
  const mine = new Set([...Object.keys(fields), ...dropped]);
  const below = tableSpans(text, path, (rest) => rest[0] !== undefined && mine.has(rest[0]));
  const bare = withoutSpans(text, below);
  const statements = tomlStatements(bare);
  const index = statements.findIndex((each) => each.kind === "table" && isSamePath(each.path, path));
  const header = statements[index];
  if (header === undefined) return text;
  const end = statements.findIndex((each, at) => at > index && each.kind !== "key");
  const keys = statements.slice(index + 1, end < 0 ? statements.length : end);
  const old = keys.filter(({ path: [key = ""] }) => mine.has(key));
  const lastKey = keys.findLast((each) => !old.includes(each));
  const last = Math.max(header.to, lastKey?.to ?? 0);
  const tables = subtables(fields)
    .flatMap(([key, table]) => ["", tomlHeader([...path, key]), ...tomlLines(table)]);
  // From behind, so that the offsets in front stay.
  let after = bare.slice(0, last) + joined(tables, eol, bare, last) + bare.slice(last);
  for (const { from, to } of old.toReversed()) {
    after = to <= last ? after.slice(0, from) + after.slice(to) : after.replace(bare.slice(from, to), "");
  }
  return after.slice(0, header.to) + joined(tomlLines(fields), eol, after, header.to) +
    after.slice(header.to);
}

/** Lines to put behind the line that ends at `at`. */
function joined(lines: readonly string[], eol: string, text: string, at: number): string {
  if (lines.length === 0) return "";
  const isOpen = at > 0 && text.charAt(at - 1) !== "\n";
  return (isOpen ? eol : "") + lines.map((line) => line + eol).join("");
}

function appended(text: string, lines: readonly string[], eol: string): string {
  const head = text.trimEnd();
  const table = lines.map((line) => line + eol).join("");
  return head === "" ? table : `${head}${eol}${eol}${table}`;
}

function proven(
  text: string,
  before: EntryFields,
  after: string,
  section: string,
  change: (entries: EntryFields) => EntryFields,
): string {
  const entries = change(asFields(before[section]));
  const { [section]: _entries, ...others } = before;
  const expected = Object.keys(entries).length === 0 ? others : { ...others, [section]: entries };
  if (isSameValue(withoutEmptySection(after, section), expected)) return after;
  throw new UnreadableText(lineAt(text, Math.max(0, text.indexOf(section))), {
    en: `${section} is not written as tables [${section}.NAME], the only form that is changed`,
    zh: `${section} 未写成 [${section}.NAME] 形式的表，而程序只修改这种形式`,
  });
}

/** What is left of a text, or nothing where it is no TOML any more. */
function withoutEmptySection(text: string, section: string): EntryFields | undefined {
  try {
    const { [section]: entries, ...others } = parsed(text);
    return Object.keys(asFields(entries)).length === 0 ? others : { ...others, [section]: entries };
  } catch (error) {
    if (error instanceof UnreadableText) return undefined;
    throw error;
  }
}

function withoutEmpty(fields: EntryFields): EntryFields {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) =>
      typeof value !== "object" || value === null || Array.isArray(value) || Object.keys(value).length > 0
    ),
  );
}

function eolOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}
