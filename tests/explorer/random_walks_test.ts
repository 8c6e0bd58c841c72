import assert from "node:assert/strict";
import { exploreSeeds, report } from "./explore_seeds.ts";
import { walk } from "./walk.ts";
import { planOf } from "./walk_plan.ts";
import { Fixture } from "./fixture.ts";

/** Some 10 seconds' worth. `deno task explore` has time for more. */
const WALKS = 1_500;

Deno.test("every invariant holds in random walks through the schedules of two to four processes", async () => {
  await using fixture = await Fixture.make();
  const { failed } = await exploreSeeds(fixture, 1, WALKS);
  assert(failed === undefined, failed === undefined ? "" : report(failed));
});

Deno.test("walk() makes the same trace from the same seed, on whatever fixture", async () => {
  for (let seed = 1; seed <= 40; seed++) {
    await using fixture = await Fixture.make();
    const first = await walk(fixture, planOf(seed), seed);
    const again = await walk(fixture, planOf(seed), seed);
    assert.equal(first.trace, again.trace, `seed ${seed}`);
  }
});
