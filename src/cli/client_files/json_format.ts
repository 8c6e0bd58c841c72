import { getNodeValue, type Node } from "jsonc-parser";
import type { Phrase } from "../../errors/language.ts";
import type { EntryFields, EntryFormat } from "./entry_format.ts";
import { addProperty, propertyOf, removeProperty, replaceNode } from "./json_edits.ts";
import { JsonText } from "./json_text.ts";
import { asFields, isSameValue } from "./plain_value.ts";
import { UnreadableText } from "./unreadable_text.ts";

const NO_OBJECT: Phrase = { en: "an object in braces is expected here", zh: "此处应为花括号括起的对象" };
const TWICE: Phrase = { en: "this name is there twice", zh: "此名称出现了两次" };
const NOT_PROVEN: Phrase = {
  en: "the text cannot be changed without changing more than the entry",
  zh: "无法只修改该条目而不影响其他内容",
};

/** JSON with comments, whose root has an object `section` with the entries. */
export function jsonFormat(section: string): EntryFormat {
  return {
    entries(text): ReadonlyMap<string, unknown> {
      const json = new JsonText(text);
      const node = sectionOf(json, section);
      return new Map(node === undefined ? [] : entriesIn(json, section));
    },
    set(text, name, fields, dropped): string {
      let json = withRoot(text);
      const before = json.value;
      if (sectionOf(json, section) === undefined) json = setIn(json, rootOf(json), section, {});
      let entry = entryNode(json, section, name);
      if (entry?.type !== "object") {
        json = setIn(json, needed(sectionOf(json, section)), name, fields);
      } else {
        for (const [field, value] of Object.entries(fields)) {
          json = setIn(json, needed(entry), field, value);
          entry = entryNode(json, section, name);
        }
        for (const field of dropped) {
          json = dropFrom(json, needed(entry), field);
          entry = entryNode(json, section, name);
        }
      }
      return proven(before, json, section, (entries) => {
        const kept = asFields(entries[name]);
        const rest = Object.fromEntries(Object.entries(kept).filter(([field]) => !dropped.includes(field)));
        return { ...entries, [name]: { ...rest, ...fields } };
      });
    },
    remove(text, name): string {
      const json = new JsonText(text);
      const node = sectionOf(json, section);
      if (node === undefined) return text;
      const after = dropFrom(json, node, name);
      return proven(json.value, after, section, ({ [name]: _removed, ...entries }) => entries);
    },
  };
}

/** The text that holds `entry` and nothing else. */
export function jsonSnippet(section: string, name: string, fields: EntryFields): string {
  return `${JSON.stringify({ [section]: { [name]: fields } }, undefined, 2)}\n`;
}

/** `text` with an object for a root: a file that is empty or has `null` in it holds no entries yet. */
function withRoot(text: string): JsonText {
  const json = new JsonText(text);
  if (json.root === undefined) {
    const head = text.trimEnd();
    return new JsonText(head === "" ? "{}\n" : `${head}${json.eol}{}${json.eol}`);
  }
  return json.root.type === "null" ? replaceNode(json, json.root, {}) : json;
}

function rootOf(json: JsonText): Node {
  if (json.root?.type === "object") return json.root;
  throw new UnreadableText(json.root === undefined ? 1 : json.lineOf(json.root), NO_OBJECT);
}

/** The object with the entries; `undefined` where there is none yet. */
function sectionOf(json: JsonText, section: string): Node | undefined {
  if (json.root === undefined || json.root.type === "null") return undefined;
  const root = rootOf(json);
  refuseTwice(json, root, section);
  const value = propertyOf(root, section)?.value;
  if (value === undefined || value.type === "null") return undefined;
  if (value.type !== "object") throw new UnreadableText(json.lineOf(value), NO_OBJECT);
  return value;
}

function entryNode(json: JsonText, section: string, name: string): Node | undefined {
  const node = needed(sectionOf(json, section));
  refuseTwice(json, node, name);
  return propertyOf(node, name)?.value;
}

/** Parsers differ in which of two counts. */
function refuseTwice(json: JsonText, object: Node, key: string): void {
  const [, second] = (object.children ?? []).filter(({ children }) => children?.[0]?.value === key);
  if (second !== undefined) throw new UnreadableText(json.lineOf(second), TWICE);
}

function setIn(json: JsonText, object: Node, key: string, value: unknown): JsonText {
  const found = propertyOf(object, key);
  if (found === undefined) return addProperty(json, object, key, value);
  const isSame = isSameValue(getNodeValue(found.value), value);
  return isSame ? json : replaceNode(json, found.value, value);
}

function dropFrom(json: JsonText, object: Node, key: string): JsonText {
  refuseTwice(json, object, key);
  const found = propertyOf(object, key);
  return found === undefined ? json : removeProperty(json, object, found.property);
}

function entriesIn(json: JsonText, section: string): [string, unknown][] {
  return Object.entries(asFields(asFields(json.value)[section]));
}

/** The text of `json`, which must differ from `before` by what `change` does to the entries alone. */
function proven(
  before: unknown,
  json: JsonText,
  section: string,
  change: (entries: EntryFields) => EntryFields,
): string {
  const root = asFields(before);
  const expected = { ...root, [section]: change(asFields(root[section])) };
  if (!isSameValue(json.value, expected)) throw new UnreadableText(1, NOT_PROVEN);
  return json.text;
}

function needed(node: Node | undefined): Node {
  if (node === undefined) throw new UnreadableText(1, NOT_PROVEN);
  return node;
}
