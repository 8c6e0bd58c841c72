import assert from "node:assert/strict";
import { columnsOf, wrapText } from "../../../src/cli/command_line/wrap_text.ts";

Deno.test.each([
  ["abc", 3],
  ["令牌", 4],
  ["（无）", 6],
  ["a、b", 4],
  ["", 0],
])("columnsOf() of %j is %i", (text, columns) => {
  assert.equal(columnsOf(text), columns);
});

Deno.test.each<[string, number, readonly string[]]>([
  ["one two three", 7, ["one two", "three"]],
  ["one", 2, ["one"]],
  ["飞书的应用令牌", 8, ["飞书的应", "用令牌"]],
  ["用 deno 启动", 8, ["用 deno", "启动"]],
  ["", 8, [""]],
])("wrapText() of %j in %i columns is %j", (text, width, lines) => {
  assert.deepEqual(wrapText(text, width), lines);
});

Deno.test("wrapText() does not begin a line with what closes", () => {
  assert.deepEqual(wrapText("飞书令牌，用", 8), ["飞书令", "牌，用"]);
});

Deno.test("wrapText() does not end a line with what opens", () => {
  assert.deepEqual(wrapText("飞书令（用）", 8), ["飞书令", "（用）"]);
  assert.deepEqual(wrapText("port here [8082]", 11), ["port here", "[8082]"]);
});
