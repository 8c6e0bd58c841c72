import assert from "node:assert/strict";
import { allClientNames, clientNamed } from "../../../src/cli/clients/client_named.ts";
import { COMMANDS } from "../../../src/cli/command_line/commands.ts";
import { UsageError } from "../../../src/cli/command_line/usage_error.ts";

Deno.test.each([["codex", "codex"], ["Claude Code", "claude-code"], [" VSCODE ", "vscode"]])(
  "clientNamed() finds %j",
  (name, found) => {
    assert.equal(clientNamed(name).name, found);
  },
);

Deno.test.each([
  ["cursr", "There is no client cursr: did you mean cursor? --help lists them all"],
  ["claude", "There is no client claude: did you mean claude-code? --help lists them all"],
  ["code", "There is no client code: did you mean vscode? --help lists them all"],
  ["emacs", `There is no client emacs: ${allClientNames().en}`],
])("clientNamed() says for %j what may be meant", (name, message) => {
  assert.throws(() => clientNamed(name), (error) => error instanceof UsageError && error.message === message);
});

Deno.test("the help names every client", () => {
  const named = COMMANDS.install?.flags?.client?.meaning.en.split(", ") ?? [];
  assert.equal(allClientNames().en, `choose from ${named.slice(0, -1).join(", ")} or ${named.at(-1)}`);
});
