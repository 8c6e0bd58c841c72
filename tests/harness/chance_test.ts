import assert from "node:assert/strict";
import { Chance } from "../../harness/chance.ts";

function draws(chance: Chance): number[] {
  return Array.from({ length: 20 }, () => chance.fraction());
}

Deno.test("Chance makes the same choices for the same seed, and others for another", () => {
  assert.deepEqual(draws(new Chance(7)), draws(new Chance(7)));
  assert.notDeepEqual(draws(new Chance(7)), draws(new Chance(8)));
});

Deno.test("of() gives each part choices of its own, whatever was asked before", () => {
  const chance = new Chance(7);
  const one = draws(chance.of("one"));
  draws(chance);
  assert.deepEqual(draws(chance.of("one")), one);
  assert.notDeepEqual(draws(chance.of("two")), one);
});

Deno.test("shuffled() keeps every item, and pick() takes one of them", () => {
  const chance = new Chance(7);
  const items = [1, 2, 3, 4, 5, 6, 7];
  assert.notDeepEqual(chance.shuffled(items), items);
  assert.deepEqual(chance.shuffled(items).toSorted(), items);
  for (let count = 0; count < 50; count++) assert(items.includes(chance.pick(items)));
  assert.throws(() => chance.pick([]), RangeError);
});
