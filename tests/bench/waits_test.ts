import assert from "node:assert/strict";
import { percentile, waitsOf } from "../../bench/renewal/waits.ts";

Deno.test("percentile() takes the nearest rank", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  assert.equal(percentile(hundred, 0.5), 50);
  assert.equal(percentile(hundred, 0.99), 99);
  assert.equal(percentile(hundred, 1), 100);
});

Deno.test("percentile() takes the only value for any share", () => {
  assert.equal(percentile([7], 0.01), 7);
});

Deno.test("percentile() is NaN where there are no values", () => {
  assert(Number.isNaN(percentile([], 0.5)));
});

Deno.test("waitsOf() leaves one in a hundred out of p99, not of max", () => {
  const waits = waitsOf([...Array.from({ length: 99 }, () => 1), 900]);
  assert.deepEqual(waits, { p50: 1, p99: 1, max: 900 });
});
