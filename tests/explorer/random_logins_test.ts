import assert from "node:assert/strict";
import { exploreSeeds, report } from "./explore_seeds.ts";
import { Fixture } from "./fixture.ts";
import { loginPlanOf } from "./logins/login_plan.ts";
import { walk } from "./walk.ts";

/** Some 10 seconds' worth. `deno task explore --logins` has time for more. */
const WALKS = 200;

Deno.test("every invariant of logins holds in random walks from the device code to the last renewal", async () => {
  await using fixture = await Fixture.make();
  const { failed } = await exploreSeeds(fixture, 1, WALKS, undefined, loginPlanOf);
  assert(failed === undefined, failed === undefined ? "" : report(failed, undefined, " --logins"));
});

Deno.test("walk() through logins makes the same trace from the same seed, on whatever fixture", async () => {
  for (let seed = 1; seed <= 10; seed++) {
    await using fixture = await Fixture.make();
    const first = await walk(fixture, loginPlanOf(seed), seed);
    const again = await walk(fixture, loginPlanOf(seed), seed);
    assert.equal(first.trace, again.trace, `seed ${seed}`);
  }
});
