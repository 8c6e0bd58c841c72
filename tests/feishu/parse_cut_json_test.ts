import assert from "node:assert/strict";
import { parseCutJson } from "../../src/feishu/parse_cut_json.ts";

Deno.test.each([
  ['{"a":"x","b":{"c":1,"d":"y', { a: "x", b: { c: 1 } }],
  ['{"a":"x"', { a: "x" }],
  ['{"a":"x","b', { a: "x" }],
  ['{"a":"x","b":', { a: "x" }],
  ['{"a":72', {}],
  ['{"a":72,', { a: 72 }],
  ['{"a":["x","y', { a: ["x"] }],
  ['{"a":["x"],"b":"z', { a: ["x"] }],
  ['{"a":"quote \\" and brace }","b":"z', { a: 'quote " and brace }' }],
  ['{"a":"x\\', {}],
  ['{"a":{}}trailing', { a: {} }],
  ['{"a":[{"b":"x"},{"c":"y"', { a: [{ b: "x" }, { c: "y" }] }],
])("`parseCutJson()` keeps the complete values of %s", (text, expected) => {
  assert.deepEqual(parseCutJson(text), expected);
});

Deno.test.each(["", "<html>", "404 page not found", '"a', "]", "{a:1,"])(
  "`parseCutJson()` returns undefined when the text is %j",
  (text) => {
    assert.equal(parseCutJson(text), undefined);
  },
);

Deno.test.each([
  ['{"a"]', {}],
  ["[1}", []],
])("`parseCutJson()` stops at the fault of %s", (text, expected) => {
  assert.deepEqual(parseCutJson(text), expected);
});

Deno.test("`parseCutJson()` reads every prefix of an answer to a prefix of its fields", () => {
  const whole = {
    code: 0,
    data: { access_token: 'u-\u00e9\\"', expires_in: 7200, list: [1, "a", null] },
    msg: "ok",
  };
  const text = JSON.stringify(whole);
  for (let length = 1; length < text.length; length++) {
    const read = parseCutJson(text.slice(0, length));
    assert(typeof read === "object" && read !== null, `length ${length}`);
    for (const [key, value] of Object.entries(read)) {
      if (key === "data") { for (const [inner, of] of Object.entries(value)) checkPrefix(inner, of); }
      else assert.equal(value, whole[key as "code" | "msg"]);
    }
  }

  function checkPrefix(key: string, value: unknown): void {
    if (key === "list") {
      assert(Array.isArray(value) && value.every((item, at) => item === whole.data.list[at]));
    } else assert.equal(value, whole.data[key as "access_token" | "expires_in"]);
  }
});

Deno.test.each([
  [30, true],
  [40, false],
])("`parseCutJson()` looks %i levels deep: %s", (depth, found) => {
  const text = '{"a":'.repeat(depth) + '"x","b":"y';
  assert.equal(JSON.stringify(parseCutJson(text)).includes('"x"'), found);
});
