import assert from "node:assert/strict";
import { helpText } from "../../src/cli/help.ts";
import { columnsOf } from "../../src/cli/wrap_text.ts";
import { LANGUAGES } from "../../src/errors/language.ts";
import { setting, settingNames } from "../../src/settings.ts";

Deno.test.each(LANGUAGES)("helpText() names every flag and every variable in %s", (language) => {
  const help = helpText(language);
  for (const { flag, variable } of settingNames().map(setting)) {
    if (flag !== undefined) assert.match(help, new RegExp(`^  --${flag}( |$)`, "m"));
    if (variable !== undefined) assert.match(help, new RegExp(`^  ${variable} `, "m"));
  }
});

Deno.test.each(LANGUAGES)("helpText() fits a terminal of 100 columns in %s", (language) => {
  const widest = Math.max(...helpText(language).split("\n").map(columnsOf));
  assert(widest <= 100, `widest line: ${widest}`);
});

Deno.test.each(LANGUAGES)("helpText() leaves a gap between every name and its meaning in %s", (language) => {
  const rows = helpText(language).split("\n").filter((line) =>
    /^ {2}(--?|[A-Z_]+|\(none\)|（无）|sandbox|demo)\b/.test(line)
  );
  assert(rows.length > 20);
  for (const row of rows) assert.match(row, /^ {2}\S.*? {2,}\S/);
});

Deno.test.each(LANGUAGES)("helpText() reads well in %s", async (language, t) => {
  await t.assertSnapshot(helpText(language).replace(/feishu-token-mcp \S+:/, "feishu-token-mcp VERSION:"));
});
