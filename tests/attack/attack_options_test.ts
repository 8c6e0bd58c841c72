import assert from "node:assert/strict";
import { attackCommand, readAttackOptions } from "../../attack/attack_options.ts";

const KNOWN = ["one", "two", "three"];

Deno.test("readAttackOptions() takes every part at length with any seed where nothing is said", () => {
  assert.deepEqual(readAttackOptions([], KNOWN, 7), { parts: KNOWN, seed: 7, isShort: false });
});

Deno.test("readAttackOptions() takes the parts that are named, in their own order", () => {
  const { parts } = readAttackOptions(["three", "one", "three"], KNOWN, 7);
  assert.deepEqual(parts, ["one", "three"]);
});

Deno.test("readAttackOptions() takes what attackCommand() says", () => {
  const options = { parts: ["two"], seed: 0, isShort: true };
  const [, , , ...args] = attackCommand(options).split(" ");
  assert.deepEqual(readAttackOptions(args, KNOWN, 7), options);
});

Deno.test.each([
  [["four"], /^There is no part "four": deno task attack \[part …\].*parts: one, two, three$/],
  [["--seed", "many"], /^--seed many: a whole number from 0 to 4294967295 is wanted$/],
  [["--seed", "4294967296"], /^--seed 4294967296: a whole number/],
  [["--seed=-1"], /^--seed -1: a whole number/],
  [["--long"], /^Unknown option '--long'.*deno task attack \[part …\]/],
])("readAttackOptions() says of %j what is wanted", (args, expected) => {
  assert.throws(() => readAttackOptions(args, KNOWN, 7), { name: "RunError", message: expected });
});
