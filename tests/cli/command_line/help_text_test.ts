import assert from "node:assert/strict";
import { COMMANDS } from "../../../src/cli/command_line/commands.ts";
import { commandHelp, helpText } from "../../../src/cli/command_line/help_text.ts";
import { columnsOf } from "../../../src/cli/command_line/wrap_text.ts";
import { LANGUAGES } from "../../../src/errors/language.ts";
import { setting, settingNames } from "../../../src/settings.ts";

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

const NAMES = Object.keys(COMMANDS);

/** Every long flag at the beginning of a row. */
function flagsIn(help: string): string[] {
  return [...help.matchAll(/^ {2}(?:-\w, )?--([a-z-]+)/gm)].map(([, flag]) => flag ?? "");
}

Deno.test.each(NAMES.filter((name) => name !== "help"))(
  "commandHelp() of %s has its flags and no others",
  (name) => {
    const { settings = [], flags = {} } = COMMANDS[name] ?? {};
    const taken = settings.map((each) => setting(each).flag).filter((flag) => flag !== undefined);
    assert.deepEqual(
      flagsIn(commandHelp(name, "en")).sort(),
      [...taken, ...Object.keys(flags), "help"].sort(),
    );
  },
);

Deno.test("commandHelp() names every word that a command takes, with how it is called", () => {
  for (const [name, { words = [] }] of Object.entries(COMMANDS)) {
    for (const word of words) {
      assert.match(
        commandHelp(name, "en"),
        new RegExp(`^ .*feishu-token-mcp ${name} ${word}|: feishu-token-mcp ${name} ${word}`, "m"),
      );
      assert.match(commandHelp(name, "en"), new RegExp(`^  ${name} ${word} +\\S`, "m"));
    }
  }
});

for (const language of LANGUAGES) {
  Deno.test.each(NAMES)(`commandHelp() of %s fits a terminal of 100 columns in ${language}`, (name) => {
    const widest = Math.max(...commandHelp(name, language).split("\n").map(columnsOf));
    assert(widest <= 100, `widest line: ${widest}`);
  });

  // `serve` is `start`, and `help` is about everything.
  Deno.test.each(NAMES.filter((name) => name !== "serve" && name !== "help"))(
    `commandHelp() of %s reads well in ${language}`,
    async (name, t) => {
      await t.assertSnapshot(
        commandHelp(name, language).replace(/feishu-token-mcp \S+:/, "feishu-token-mcp VERSION:"),
      );
    },
  );
}
