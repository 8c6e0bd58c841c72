import assert from "node:assert/strict";
import { commandOf } from "../../../src/cli/client_files/entry_format.ts";
import { asFields, isSameValue } from "../../../src/cli/client_files/plain_value.ts";
import { EXAMPLE_FILES, FIELDS } from "./example_files.ts";

const NAME = "feishu-token";
const DROPPED = ["url", "serverUrl", "headers"];

/** Lines without the comma and the blanks at their end. */
function linesOf(text: string): string[] {
  return text.split(/\r?\n/).map((line) => line.replace(/,?\s*$/, "")).filter((line) => line !== "");
}

/** Whether all of `lines` are among `text`'s, in their order. */
function areInOrder(lines: readonly string[], text: string): boolean {
  const all = linesOf(text);
  let at = 0;
  return lines.every((line) => (at = all.indexOf(line, at) + 1) > 0);
}

for (const { name, format, text } of EXAMPLE_FILES) {
  const others = (from: string): [string, unknown][] =>
    [...format.entries(from)].filter(([entry]) => entry !== NAME);
  const had = format.entries(text).has(NAME);

  Deno.test(`set() puts an entry into ${name}, and changes no other`, () => {
    const after = format.set(text, NAME, FIELDS, DROPPED);
    const entry = asFields(format.entries(after).get(NAME));
    assert.ok(isSameValue(commandOf(entry), FIELDS));
    assert.deepEqual(DROPPED.filter((field) => Object.hasOwn(entry, field)), []);
    assert.ok(isSameValue(others(after), others(text)));
  });

  Deno.test({
    name: `set() keeps every line of ${name}: comments, order, blanks`,
    ignore: had || !text.includes("\n  "),
    fn(): void {
      assert.ok(areInOrder(linesOf(text), format.set(text, NAME, FIELDS, DROPPED)));
    },
  });

  Deno.test(`set() keeps the line ends of ${name}, and is idempotent`, () => {
    const after = format.set(text, NAME, FIELDS, DROPPED);
    assert.equal(/(?<!\r)\n/.test(after) && after.includes("\r\n"), false);
    assert.equal(format.set(after, NAME, FIELDS, DROPPED), after);
  });

  Deno.test(`remove() takes the entry out of ${name} again`, () => {
    const after = format.remove(format.set(text, NAME, FIELDS, DROPPED), NAME);
    assert.equal(format.entries(after).has(NAME), false);
    assert.ok(isSameValue(others(after), others(text)));
    if (!had && text.includes("\n  ")) assert.ok(areInOrder(linesOf(text), after));
    assert.equal(format.remove(after, NAME), after);
  });
}

Deno.test("set() keeps what the user has added to the entry", () => {
  const [cursor, codex] = ["cursor.json", "codex_with_entry.toml"].map((name) =>
    EXAMPLE_FILES.find((each) => each.name === name)
  );
  assert.ok(cursor !== undefined && codex !== undefined);
  const text = cursor.text.replace('"headers": {}', '"disabled": true, "headers": {}');
  const entry = asFields(cursor.format.entries(cursor.format.set(text, NAME, FIELDS, DROPPED)).get(NAME));
  assert.deepEqual(Object.keys(entry).toSorted(), ["args", "command", "disabled", "env"]);
  const after = codex.format.set(codex.text, NAME, FIELDS, DROPPED);
  assert.match(after, /^startup_timeout_sec = 30 # slow disk$/m);
  assert.match(after, /^\[mcp_servers\.feishu-token\.tools\.get_feishu_app_token\]\napproval_mode/m);
  assert.doesNotMatch(after, /^(OLD|url)/m);
});

Deno.test.each([
  [undefined, undefined],
  [{ url: "http://x" }, undefined],
  [{ command: 1 }, undefined],
  [{ command: "a", args: "b" }, undefined],
  [{ command: "a" }, { command: "a", args: [], env: {} }],
  [{ command: "a", args: [1n], env: { A: 2 } }, { command: "a", args: ["1"], env: { A: "2" } }],
])("commandOf() reads %j", (entry, command) => {
  assert.deepEqual(commandOf(entry), command);
});
