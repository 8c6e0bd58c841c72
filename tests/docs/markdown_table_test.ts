import assert from "node:assert/strict";
import { markdownTable } from "./markdown_table.ts";

Deno.test("markdownTable() pads every column to its widest cell", () => {
  const table = markdownTable(["A", "Wide header"], [["long cell", "x"]]);
  assert.equal(
    table,
    "| A         | Wide header |\n| --------- | ----------- |\n| long cell | x           |",
  );
});

Deno.test("markdownTable() escapes the sign that parts cells", () => {
  assert.equal(markdownTable(["A"], [["a|b"]]), "| A    |\n| ---- |\n| a\\|b |");
});
