import assert from "node:assert/strict";
import { jsonFormat, jsonSnippet } from "../../../src/cli/client_files/json_format.ts";
import { UnreadableText } from "../../../src/cli/client_files/unreadable_text.ts";

const FORMAT = jsonFormat("mcpServers");
const FIELDS = { command: "x", args: ["y"] };
const PRETTY = `{
  "mcpServers": {
    "a": {
      "command": "x",
      "args": [
        "y"
      ]
    }
  }
}`;

Deno.test.each([
  ["", `${PRETTY}\n`],
  ["\n", `${PRETTY}\n`],
  ["null", PRETTY],
  ["{}", PRETTY],
  ["{ }\n", `${PRETTY}\n`],
  ['{"mcpServers": null}\n', undefined],
  ["// mine\n", `// mine\n${PRETTY}\n`],
  ['{"b":1}', undefined],
])("jsonFormat().set() makes of %j a file with the entry", (text, expected) => {
  const after = FORMAT.set(text, "a", FIELDS, []);
  if (expected !== undefined) assert.equal(after, expected);
  assert.deepEqual([...FORMAT.entries(after)].map(([name]) => name), ["a"]);
});

Deno.test("jsonFormat().set() keeps comments where they are", () => {
  const text = `{
\t"mcpServers": {
\t\t"b": { "command": "x" } // b is mine
\t\t// the end
\t}
}
`;
  assert.equal(
    FORMAT.set(text, "a", { command: "x" }, []),
    `{
\t"mcpServers": {
\t\t"b": { "command": "x" }, // b is mine
\t\t// the end
\t\t"a": {
\t\t\t"command": "x"
\t\t}
\t}
}
`,
  );
});

Deno.test("jsonFormat().remove() takes the comma of the last entry along, and no comment", () => {
  const text = '{\n  "mcpServers": {\n    "b": {}, // b\n    "a": {}\n    // end\n  }\n}\n';
  assert.equal(FORMAT.remove(text, "a"), '{\n  "mcpServers": {\n    "b": {} // b\n    // end\n  }\n}\n');
});

Deno.test.each<[string, number, RegExp]>([
  ['{\n  "mcpServers": {\n', 3, /close brace expected/],
  ['{"a": }', 1, /value expected/],
  ['{\n  "mcpServers": {}\n  "b": 1\n}', 3, /comma expected/],
  ["[]", 1, /object in braces/],
  ['\n\n"text"', 3, /object in braces/],
  ['{\n"mcpServers": []}', 2, /object in braces/],
  ['{\n"mcpServers": {},\n"mcpServers": {}}', 3, /there twice/],
  ['{"mcpServers": {"a": {},\n"a": {}}}', 2, /there twice/],
  ["[".repeat(100_000), 1, /nested too deeply|expected/],
])("jsonFormat() refuses %j and says the line", (text, line, reason) => {
  const isExpected = (error: unknown): boolean =>
    error instanceof UnreadableText && error.line === line && reason.test(error.reason.en);
  assert.throws(() => FORMAT.set(text, "a", FIELDS, []), isExpected);
});

Deno.test("jsonFormat() changes a file of ten megabytes", () => {
  const history = Array.from({ length: 100_000 }, (_, at) => ({ display: `${at} ${"x".repeat(80)}` }));
  const text = JSON.stringify({ projects: { "/x": { history } }, mcpServers: { b: {} } }, undefined, 2);
  assert.ok(text.length > 10_000_000);
  const after = FORMAT.set(text, "a", FIELDS, []);
  assert.deepEqual(JSON.parse(after).mcpServers, { b: {}, a: FIELDS });
});

Deno.test("jsonSnippet() is a file with the entry alone", () => {
  assert.equal(jsonSnippet("mcpServers", "a", FIELDS), `${PRETTY}\n`);
});
