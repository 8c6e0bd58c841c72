import assert from "node:assert/strict";
import { tomlFormat, tomlSnippet } from "../../../src/cli/client_files/toml_format.ts";
import { tomlStatements } from "../../../src/cli/client_files/toml_statements.ts";
import { UnreadableText } from "../../../src/cli/client_files/unreadable_text.ts";
import { readExample } from "./example_files.ts";

const FORMAT = tomlFormat("mcp_servers");
const FIELDS = { command: "x", args: ["y"], env: { A: "b" } };
const TABLE = `[mcp_servers.a]\ncommand = "x"\nargs = ["y"]\n\n[mcp_servers.a.env]\nA = "b"\n`;

Deno.test.each([
  ["", TABLE],
  ["\n\n", TABLE],
  ['model = "o3"', `model = "o3"\n\n${TABLE}`],
  ["[t]\nb = 1\n\n\n", `[t]\nb = 1\n\n${TABLE}`],
  ['[mcp_servers]\nb = { command = "c" }\n', `[mcp_servers]\nb = { command = "c" }\n\n${TABLE}`],
])("tomlFormat().set() puts the table behind %j", (text, expected) => {
  assert.equal(FORMAT.set(text, "a", FIELDS, []), expected);
});

Deno.test("tomlFormat().set() leaves an empty table out, and removes one that is there", () => {
  const after = FORMAT.set(TABLE, "a", { ...FIELDS, env: {} }, []);
  assert.equal(after.trimEnd(), `[mcp_servers.a]\ncommand = "x"\nargs = ["y"]`);
  assert.equal(FORMAT.set(after, "a", { ...FIELDS, env: {} }, []), after);
});

Deno.test("tomlFormat().remove() takes the tables below along", async () => {
  const after = FORMAT.remove(await readExample("codex_with_entry.toml"), "feishu-token");
  assert.equal(after, '[mcp_servers]\n# in front\n\n[tui]\ntheme = "dark"\n');
});

Deno.test.each<[string, number, RegExp]>([
  ["a = 1\nb =\n", 2, /./],
  ["a = 1\na = 2\n", 2, /./],
  ['x = 1\nmcp_servers = { b = { command = "c" } }\n', 2, /tables \[mcp_servers\.NAME\]/],
  ['[mcp_servers]\na = { command = "c" }\n', 1, /tables \[mcp_servers\.NAME\]/],
  ['mcp_servers.a.command = "c"\n', 1, /tables \[mcp_servers\.NAME\]/],
  ["mcp_servers = 1\n", 1, /tables \[mcp_servers\.NAME\]/],
])("tomlFormat() refuses %j and says the line", (text, line, reason) => {
  const isExpected = (error: unknown): boolean =>
    error instanceof UnreadableText && error.line === line && reason.test(error.reason.en);
  assert.throws(() => FORMAT.set(text, "a", FIELDS, []), isExpected);
});

Deno.test("tomlSnippet() writes what a parser reads back", () => {
  const fields = { command: 'a"\\\u0001\u007f小', args: [], env: { "odd name": "\n" } };
  const entry = FORMAT.entries(tomlSnippet("mcp_servers", "a b", fields)).get("a b");
  assert.deepEqual(JSON.parse(JSON.stringify(entry)), fields);
});

Deno.test.each([
  ['a = "#" # c\nb = 1', ["a", "b"]],
  ["a = [\n# ]\n'''\n]''' ]\nb = 1", ["a", "b"]],
  ['a = """x""""\nb = 1\n', ["a", "b"]],
  ['a = """\\"""\n[t]\n"""\n[u]\n', ["a", "u"]],
  ['"a.b".c = { d = [1] }\n', ["a.b c d"]],
])("tomlStatements() finds those of %j", (text, names) => {
  assert.deepEqual(tomlStatements(text).map(({ path }) => path.join(" ")), names);
});
