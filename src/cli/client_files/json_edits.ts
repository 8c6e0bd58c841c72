import type { Node } from "jsonc-parser";
import type { JsonText } from "./json_text.ts";

/** The last property `key` of an object; with its value, where it has one. */
export function propertyOf(
  object: Node,
  key: string,
): { readonly property: Node; readonly value: Node } | undefined {
  for (const property of (object.children ?? []).toReversed()) {
    const [name, value] = property.children ?? [];
    if (name?.value === key && value !== undefined) return { property, value };
  }
  return undefined;
}

/** `json` with `value` in the place of the node. */
export function replaceNode(json: JsonText, node: Node, value: unknown): JsonText {
  const text = shown(json, value, json.indentAt(node.offset), isOnOneLine(json, json.root));
  return json.splice(node.offset, node.offset + node.length, text);
}

/** `json` with a further property at the end of `object`, behind its comments. */
export function addProperty(json: JsonText, object: Node, key: string, value: unknown): JsonText {
  const close = object.offset + object.length - 1;
  const last = object.children?.at(-1);
  const comma = last === undefined ? undefined : json.commaBetween(last.offset + last.length, close);
  const isTight = last !== undefined && isOnOneLine(json, object);
  const indent = last === undefined || isTight
    ? json.indentAt(object.offset) + json.indentUnit
    : json.indentAt(last.offset);
  const property = `${JSON.stringify(key)}${isTight ? ":" : ": "}${shown(json, value, indent, isTight)}`;
  const end = close - (/\s*$/.exec(json.text.slice(object.offset + 1, close))?.[0].length ?? 0);
  const added = isTight
    ? `${property}${comma === undefined ? "" : ","}`
    : `${json.eol}${indent}${property}${comma === undefined ? "" : ","}` +
      (last === undefined ? `${json.eol}${json.indentAt(object.offset)}` : "");
  const rest = json.text.slice(last === undefined ? close : end);
  if (last === undefined || comma !== undefined) {
    return json.splice(end, json.text.length, added + rest);
  }
  const lastEnd = last.offset + last.length;
  return json.splice(lastEnd, json.text.length, `,${json.text.slice(lastEnd, end)}${added}${rest}`);
}

/** `json` without the property, the comma that belongs to it, and the line that it leaves blank. */
export function removeProperty(json: JsonText, object: Node, property: Node): JsonText {
  const close = object.offset + object.length - 1;
  const end = property.offset + property.length;
  const index = object.children?.indexOf(property) ?? 0;
  const [before, next] = [object.children?.[index - 1], object.children?.[index + 1]];
  const comma = json.commaBetween(end, next?.offset ?? close);
  const stop = comma === undefined ? end : comma + 1;
  const from = property.offset -
    (/(?:\r?\n)?[ \t]*$/.exec(json.text.slice(0, property.offset))?.[0].length ?? 0);
  const head = json.text.slice(0, from);
  const rest = json.text.slice(stop);
  const orphan = comma === undefined && before !== undefined
    ? json.commaBetween(before.offset + before.length, property.offset)
    : undefined;
  const kept = orphan === undefined ? head : head.slice(0, orphan) + head.slice(orphan + 1);
  return json.splice(0, json.text.length, kept + rest);
}

function isOnOneLine(json: JsonText, node: Node | undefined): boolean {
  return node !== undefined && (node.children?.length ?? 0) > 0 &&
    !json.text.slice(node.offset, node.offset + node.length).includes("\n");
}

/** `value` as JSON that stands at `indent`; on one line where the text around it is. */
function shown(json: JsonText, value: unknown, indent: string, isTight: boolean): string {
  if (isTight) return JSON.stringify(value);
  return JSON.stringify(value, undefined, json.indentUnit).replaceAll("\n", json.eol + indent);
}
