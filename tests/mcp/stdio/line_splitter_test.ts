import assert from "node:assert/strict";
import { LineSplitter, TOO_LONG } from "../../../src/mcp/stdio/line_splitter.ts";

const LIMIT = 8;

/** What `text` is cut into when it comes in chunks of `size` bytes. */
function split(text: string, size: number): (string | typeof TOO_LONG)[] {
  const lines = new LineSplitter(LIMIT);
  const bytes = new TextEncoder().encode(text);
  const found: (string | typeof TOO_LONG)[] = [];
  for (let at = 0; at < bytes.length; at += size) found.push(...lines.split(bytes.subarray(at, at + size)));
  return found;
}

for (const size of [1, 2, 3, 7, 8, 9, 1000]) {
  Deno.test.each<[string, string, (string | typeof TOO_LONG)[]]>([
    ["lines", "one\ntwo\n", ["one", "two"]],
    ["no blank lines", "\n\r\n \t\none\n", ["one"]],
    ["a carriage return", "one\r\n", ["one\r"]],
    ["characters of several bytes", "三三\n", ["三三"]],
    ["a line without its end", "one\ntw", ["one"]],
    ["a line of the limit", "12345678\n", ["12345678"]],
    ["a line beyond it", "123456789\nnext\n", [TOO_LONG, "next"]],
    ["a line far beyond it", `${"x".repeat(100)}\n\nnext\n`, [TOO_LONG, "next"]],
    ["two of them", `${"x".repeat(9)}\n${"x".repeat(10)}\nnext\n`, [TOO_LONG, TOO_LONG, "next"]],
    ["one without an end", "x".repeat(100), [TOO_LONG]],
  ])(`LineSplitter cuts %s, in chunks of ${size}`, (_what, text, expected) => {
    assert.deepEqual(split(text, size), expected);
  });
}

Deno.test.each<[string, string[]]>([
  ["one\ntwo", ["one", "two"]],
  ["one\n", ["one"]],
  ["one\n \t", ["one"]],
  ["123456789", []],
  ["", []],
])("LineSplitter ends %j with the line that is begun", (text, expected) => {
  const lines = new LineSplitter(LIMIT);
  const found = [...lines.split(new TextEncoder().encode(text))].filter((each) => each !== TOO_LONG);
  assert.deepEqual([...found, ...lines.end(), ...lines.end()], expected);
});
