import assert from "node:assert/strict";
import { fuzzedCase } from "../../../attack/http/fuzzed_case.ts";
import type { HttpCase } from "../../../attack/http/http_case.ts";
import { Chance } from "../../../harness/chance.ts";

function cases(seed: number): HttpCase[] {
  const chance = new Chance(seed);
  return Array.from({ length: 400 }, () => fuzzedCase(chance, () => "planted"));
}

Deno.test("fuzzedCase() makes the same requests for the same seed, and others for another", () => {
  assert.deepEqual(cases(7), cases(7));
  assert.notDeepEqual(cases(7), cases(8));
});

Deno.test("fuzzedCase() makes requests of every delivery, most of them parsable", () => {
  const made = cases(7);
  assert.equal(new Set(made.map(({ delivery }) => delivery)).size, 7);
  const parsable = made.filter(({ isParsable }) => isParsable);
  assert(parsable.length > made.length / 3);
  for (const { bytes } of parsable) {
    assert.match(
      new TextDecoder("latin1").decode(bytes),
      /^[A-Z]+ \/\S* HTTP\/1\.1\r\nHost: 127\.0\.0\.1\r\n/,
    );
  }
});
