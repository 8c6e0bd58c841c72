import { rest } from "../finish.ts";
import type { World } from "../world.ts";
import { DUE_MS } from "./login_moves.ts";

/** How time passes in the end: until the last code, the last choice and the last doubt about an answer are over. */
const JUMPS_MS = [...Array<number>(6).fill(10_000), ...Array<number>(26).fill(60_000)];
/** After days, in which every grant becomes due. */
const LATER_JUMPS_MS = [5_000, 60_000, 60_000];

/**
 * Ends all faults and lets every process finish its logins in the background. Then each is asked for every login, and days
 * pass twice, in which every grant is renewed by whichever process comes first. Then the invariants of the end are checked.
 *
 * @throws Violation
 */
export async function finishLogins(world: World): Promise<void> {
  await settle(world);
  for (const [name, { isAlive }] of world.processes) {
    if (!isAlive) await world.step(name, "starts again", () => world.restart(name));
  }
  world.loginHistory.quietMs = world.time.elapsedMs;
  await settle(world);
  for (const process of world.alive) {
    if (!process.isWatching) await world.step(process.label, "watches", () => process.watch(true));
  }
  await pass(world, JUMPS_MS);
  for (const process of world.alive) {
    for (const code of world.people.handles.keys()) {
      await world.step(process.label, `is asked for ${code}`, () => void world.people.finish(process, code));
      await settle(world);
    }
  }
  for (let round = 0; round < 2; round++) await pass(world, [DUE_MS, ...LATER_JUMPS_MS]);
  for (const process of world.alive) {
    await world.step(process.label, "rests", () => process.watch(false));
  }
  await rest(world);
  world.invariants.over();
}

async function pass(world: World, jumpsMs: readonly number[]): Promise<void> {
  for (const ms of jumpsMs) {
    await world.step("time", `passes: ${ms} ms`, () => world.pass(ms));
    await settle(world);
  }
}

/** Lets every operation end in its ordinary outcome, and short timers fire. */
async function settle(world: World): Promise<void> {
  const untilMs = world.time.elapsedMs + 1_000;
  for (;;) {
    const [point] = world.points.open;
    const next = world.time.untilDue();
    if (point !== undefined) await world.proceed(point, point.outcomes[0] ?? "");
    else if (next === undefined || world.time.elapsedMs + next > untilMs) return;
    else await world.step("time", `passes: ${Math.round(next)} ms`, () => world.pass(next));
  }
}
