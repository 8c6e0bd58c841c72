import assert from "node:assert/strict";
import { exhaust, type ExhaustOptions } from "./exhaust.ts";
import { rest } from "./finish.ts";
import { Fixture } from "./fixture.ts";
import type { World } from "./world.ts";
import type { WorldOptions } from "./world_options.ts";

const ONE_MACHINE = { P: { machine: "m1" }, Q: { machine: "m1" } };
/** Some 5 seconds' worth: of one machine about half, of one fault about a fifth. */
const MOST_RUNS = 1_200;

/** Both are asked for what came of the same token. */
async function bothAreAsked(world: World): Promise<void> {
  if (world.options.hasUser) {
    await world.step("ann", "logs in at P", () => void world.callers.logIn(world.process("P")));
    await rest(world);
  }
  for (const process of world.alive) {
    await world.step(process.label, "is asked A1", () => void world.callers.ask(process, "A1"));
  }
}

/** The user logs in again while P renews. */
async function loginMeetsRenewal(world: World): Promise<void> {
  await world.step("ann", "logs in at P", () => void world.callers.logIn(world.process("P")));
  await rest(world);
  await world.step("P", "is asked A1", () => void world.callers.ask(world.process("P"), "A1"));
  await world.step("ann", "logs in at Q", () => void world.callers.logIn(world.process("Q")));
}

/** The user logs out while P renews. */
async function logoutMeetsRenewal(world: World): Promise<void> {
  await world.step("ann", "logs in at P", () => void world.callers.logIn(world.process("P")));
  await rest(world);
  await world.step("P", "is asked A1", () => void world.callers.ask(world.process("P"), "A1"));
  await world.step("ann", "logs out at Q", () => world.callers.logOut(world.process("Q")));
}

interface Setting {
  readonly world: WorldOptions;
  readonly begin: (world: World) => Promise<void>;
}

const SETTINGS: readonly (readonly [string, Setting])[] = [
  ["two machines and a caller's token", { world: {}, begin: bothAreAsked }],
  ["one machine and a caller's token", { world: { processes: ONE_MACHINE }, begin: bothAreAsked }],
  ["two machines and a user's grant", { world: { hasUser: true }, begin: bothAreAsked }],
  ["a login that meets a renewal", { world: { hasUser: true }, begin: loginMeetsRenewal }],
  ["a logout that meets a renewal", { world: { hasUser: true }, begin: logoutMeetsRenewal }],
];

for (const [name, setting] of SETTINGS) {
  Deno.test(`every invariant holds in every order of steps: ${name}`, async (t) => {
    await explored(t, { ...setting, most: Infinity, faults: 0 });
  });
}

Deno.test("every invariant holds in orders of steps of which one goes wrong", async (t) => {
  await explored(t, { world: {}, begin: bothAreAsked, faults: 1, most: MOST_RUNS });
});

/** Explores, and says in the name of a step how far that went. */
async function explored(t: Deno.TestContext, options: ExhaustOptions): Promise<void> {
  await using fixture = await Fixture.make();
  const { violation, trace, schedules, pruned, states, isComplete } = await exhaust(fixture, options);
  assert.equal(violation, undefined, `${violation?.message}\n${trace}`);
  const known = `${pruned} to a known one of ${states} states${isComplete ? ", and that is all" : ""}`;
  await t.step(`${schedules} schedules to their end, ${known}`, () => {
    assert(isComplete === (options.most === Infinity) && schedules > 5);
  });
}
