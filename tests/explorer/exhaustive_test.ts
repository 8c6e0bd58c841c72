import assert from "node:assert/strict";
import { exhaust } from "./exhaust.ts";
import { rest } from "./finish.ts";
import { Workbench } from "./workbench.ts";
import type { World } from "./world.ts";
import type { WorldOptions } from "./world_options.ts";

const ONE_MACHINE = { P: { machine: "m1" }, Q: { machine: "m1" } };
/** Some 5 seconds' worth; all of it are 7,075. */
const MOST_RUNS = 1_500;

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

Deno.test.each(SETTINGS)("every invariant holds in every order of steps: %s", async (_name, setting) => {
  await using bench = await Workbench.make();
  const result = await exhaust(bench, { ...setting, faults: 0, most: Infinity });
  assert.equal(result.violation, undefined, `${result.violation?.message}\n${result.trace}`);
  assert(result.isComplete && result.schedules > 1, JSON.stringify(result));
});

Deno.test("every invariant holds in orders of steps of which one goes wrong", async (t) => {
  await using bench = await Workbench.make();
  const result = await exhaust(bench, { world: {}, begin: bothAreAsked, faults: 1, most: MOST_RUNS });
  assert.equal(result.violation, undefined, `${result.violation?.message}\n${result.trace}`);
  const { schedules, pruned, states } = result;
  await t.step(`${schedules} schedules to their end, ${pruned} to a known one of ${states} states`, () => {
    assert(schedules > MOST_RUNS / 10);
  });
});
