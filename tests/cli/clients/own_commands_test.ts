import assert from "node:assert/strict";
import { CLAUDE_COMMAND, CODEX_COMMAND, VSCODE_COMMAND } from "../../../src/cli/clients/own_commands.ts";

const ENTRY = { command: "/a b/deno", args: ["run", "--stdio"], env: { A: "b=c", D: "" } };

// As Claude Code 2.1.332 and Codex 0.171.0 took them when they were tried.
Deno.test("the clients' own commands take the entry as arguments, behind -- what is not theirs", () => {
  assert.deepEqual(CLAUDE_COMMAND.add("n", ENTRY), [
    ...["mcp", "add", "--scope", "user", "--transport", "stdio", "n", "-e", "A=b=c", "-e", "D="],
    ...["--", "/a b/deno", "run", "--stdio"],
  ]);
  assert.deepEqual(CODEX_COMMAND.add("n", ENTRY), [
    ...["mcp", "add", "n", "--env", "A=b=c", "--env", "D=", "--", "/a b/deno", "run", "--stdio"],
  ]);
  const [flag, json = ""] = VSCODE_COMMAND.add("n", ENTRY);
  assert.deepEqual([flag, JSON.parse(json)], ["--add-mcp", { name: "n", type: "stdio", ...ENTRY }]);
});

Deno.test("those that can remove do so for the user", () => {
  assert.deepEqual(CLAUDE_COMMAND.remove?.("n"), ["mcp", "remove", "--scope", "user", "n"]);
  assert.deepEqual(CODEX_COMMAND.remove?.("n"), ["mcp", "remove", "n"]);
  assert.equal(VSCODE_COMMAND.remove, undefined);
});
