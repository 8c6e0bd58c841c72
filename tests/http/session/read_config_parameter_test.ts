import assert from "node:assert/strict";
import { readConfigParameter } from "../../../src/http/session/read_config_parameter.ts";
import { inEnglish } from "../../support/in_english.ts";

const CONFIG = { app_id: "cli_a1", note: ">>>???>>>" };
const BYTES = new TextEncoder().encode(JSON.stringify(CONFIG));

function encoded(text: string): string {
  return new TextEncoder().encode(text).toBase64();
}

function problems(text: string): readonly string[] {
  const reading = readConfigParameter(text);
  assert(!reading.ok);
  return inEnglish(reading.problems);
}

Deno.test.each([
  ["base64", BYTES.toBase64()],
  ["base64 without padding", BYTES.toBase64({ omitPadding: true })],
  ["base64url", BYTES.toBase64({ alphabet: "base64url" })],
  ["base64 whose plus signs became blanks", BYTES.toBase64().replaceAll("+", " ")],
])("readConfigParameter() reads %s", (_case, text) => {
  assert.deepEqual(readConfigParameter(text), { ok: true, config: CONFIG });
});

Deno.test("the sample of these tests has every sign in which the two alphabets differ", () => {
  assert.match(BYTES.toBase64(), /\+.*\/|\/.*\+/);
});

Deno.test.each([
  ["is not base64", '{"app_id":"planted"}', "config must be base64 or base64url"],
  ["is cut", encoded("{}").slice(0, 1), "config must be base64 or base64url"],
  ["is not JSON", encoded("planted"), "config must be JSON in UTF-8"],
  ["is not UTF-8", new Uint8Array([0x22, 0xff, 0x22]).toBase64(), "config must be JSON in UTF-8"],
  ["is a string", encoded('"planted"'), "config must be a JSON object"],
  ["is null", encoded("null"), "config must be a JSON object"],
  ["is an array", encoded('["planted"]'), "config must be a JSON object"],
  ["is of 1 MB", "A".repeat(1 << 20), "config must not exceed 8192 characters"],
  [
    "has a key __proto__",
    encoded('{"__proto__":{"app_id":"planted"}}'),
    "config must not have a key __proto__",
  ],
  ["has it further down", encoded('{"a":[{"__proto__":1}]}'), "config must not have a key __proto__"],
])("readConfigParameter() refuses what %s, without repeating it", (_case, text, problem) => {
  assert.deepEqual(problems(text), [problem]);
});

Deno.test("readConfigParameter() takes 8192 characters and no more", () => {
  const text = (characters: number): string => encoded("{}".padEnd(characters / 4 * 3));
  assert.deepEqual([text(8192).length, text(8196).length], [8192, 8196]);
  assert.deepEqual(
    [readConfigParameter(text(8192)).ok, readConfigParameter(text(8196)).ok],
    [true, false],
  );
});

Deno.test("readConfigParameter() takes 8 levels and no more", () => {
  const nested = (levels: number): string =>
    encoded('{"a":'.repeat(levels - 1) + "{}" + "}".repeat(levels - 1));
  assert.equal(readConfigParameter(nested(8)).ok, true);
  assert.deepEqual(problems(nested(9)), ["config must not be nested deeper than 8 levels"]);
});

Deno.test("readConfigParameter() says everything that is wrong when arrays are nested as deep as fits", () => {
  assert.deepEqual(problems(encoded("[".repeat(3000) + "]".repeat(3000))), [
    "config must be a JSON object",
    "config must not be nested deeper than 8 levels",
  ]);
});

Deno.test("readConfigParameter() refuses 10,000 levels", () => {
  assert.deepEqual(problems(encoded("[".repeat(10_000) + "]".repeat(10_000))), [
    "config must not exceed 8192 characters",
  ]);
});
