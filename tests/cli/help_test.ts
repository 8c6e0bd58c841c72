import assert from "node:assert/strict";
import { helpText } from "../../src/cli/help.ts";
import { setting, settingNames } from "../../src/settings.ts";

Deno.test("helpText() names every flag and every variable", () => {
  const help = helpText();
  for (const { flag, variable } of settingNames().map(setting)) {
    if (flag !== undefined) assert.match(help, new RegExp(`^  --${flag}( |$)`, "m"));
    if (variable !== undefined) assert.match(help, new RegExp(`^  ${variable} `, "m"));
  }
});

Deno.test("helpText() fits a terminal of 100 columns", () => {
  const widest = Math.max(...helpText().split("\n").map((line) => line.length));
  assert(widest <= 100, `widest line: ${widest}`);
});

Deno.test("helpText() leaves a gap between every name and its meaning", () => {
  const rows = helpText().split("\n").filter((line) =>
    /^ {2}(--?|[A-Z_]+|\(none\)|sandbox|demo)\b/.test(line)
  );
  assert(rows.length > 20);
  for (const row of rows) assert.match(row, /^ {2}\S.*? {2,}\S/);
});

Deno.test("helpText() reads well", async (t) => {
  await t.assertSnapshot(helpText().replace(/feishu-token-mcp \S+:/, "feishu-token-mcp VERSION:"));
});
