import assert from "node:assert/strict";
import { isCallerName } from "../../src/callers/is_caller_name.ts";
import { readCallerKeys } from "../../src/callers/read_caller_keys.ts";

const FIRST = "A".repeat(31) + "_";
const SECOND = "-".repeat(40);
const THIRD = "0123456789abcdef0123456789abcdef";

function pairs(text: string): readonly (readonly [string, string])[] {
  const { keys, faults } = readCallerKeys(text);
  assert.deepEqual(faults, []);
  return keys.map(({ name, key }) => [name, key.reveal()]);
}

Deno.test.each([
  ["a comma", ","],
  ["a comma and blanks", " , "],
  ["a blank", " "],
  ["a line break", "\n"],
  ["Windows' line break", "\r\n"],
  ["blank lines", "\n\n\t\n"],
])("readCallerKeys() reads entries that are separated by %s", (_case, separator) => {
  const text = [`alice=${FIRST}`, `bob.2=${SECOND}`].join(separator);
  assert.deepEqual(pairs(`${separator}${text}${separator}`), [["alice", FIRST], ["bob.2", SECOND]]);
});

Deno.test("readCallerKeys() reads two keys of one name, for their exchange", () => {
  assert.deepEqual(pairs(`bot=${FIRST},bot=${THIRD}`), [["bot", FIRST], ["bot", THIRD]]);
});

Deno.test.each([
  ["", /^there is no key in it$/],
  [" ,\n", /^there is no key in it$/],
  [FIRST, /^entry 1 is not NAME=KEY$/],
  [`=${FIRST}`, /^entry 1 has a name other/],
  [`Alice=${FIRST}`, /^entry 1 has a name other/],
  [`-a=${FIRST}`, /^entry 1 has a name other/],
  [`alice=${FIRST.slice(1)}`, /^entry 1 has a key of fewer than 32 characters: .*openssl/],
  [`a=${FIRST} b=`, /^entry 2 has a key of fewer/],
  [`alice=${FIRST}=`, /^entry 1 has a key with characters other/],
  [`alice=${FIRST}/+${FIRST}`, /^entry 1 has a key with characters other/],
  [`alice=${FIRST},bob=${FIRST}`, /^entry 2 has the key of entry 1$/],
  [`alice=${FIRST},alice=${FIRST}`, /^entry 2 has the key of entry 1$/],
])("readCallerKeys() refuses %j", (text, expected) => {
  const { faults: [fault, ...others] } = readCallerKeys(text);
  assert.deepEqual(others, []);
  assert.match(fault?.en ?? "", expected);
  assert.ok(!JSON.stringify(fault).includes(FIRST.slice(1)));
});

Deno.test("readCallerKeys() tells of every entry that is wrong", () => {
  const { keys, faults } = readCallerKeys(`a=1 b=${FIRST} C=${SECOND}`);
  assert.deepEqual([keys.length, faults.length], [1, 2]);
});

Deno.test.each([
  ["a", true],
  ["0", true],
  ["ci.bot_2-x", true],
  ["a".repeat(63), true],
  ["a".repeat(64), false],
  ["", false],
  [".a", false],
  ["a b", false],
  ["a\n", false],
  ["é", false],
  ["key:a", false],
])("isCallerName() of %j is %j", (text, expected) => {
  assert.equal(isCallerName(text), expected);
});
