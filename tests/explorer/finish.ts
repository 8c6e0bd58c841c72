import { finishLogins } from "./logins/finish_logins.ts";
import { Violation } from "./violation.ts";
import type { World } from "./world.ts";

/** After so many steps without a change in the store, time passes in bigger steps. */
const FRUITLESS = 3;
const BIGGER_MS = [1_000, 5_000, 10_000];
/** Every walk comes to rest long before. */
const MOST_STEPS = 2_000;

/**
 * Ends all faults and lets every process finish: operations under way go on, dead processes start again, and each process
 * is asked for every token that was ever presented or brought by a login. Then the invariants of the outcome are checked.
 *
 * @throws Violation
 */
export async function finish(world: World): Promise<void> {
  if (world.options.logins !== undefined) return await finishLogins(world);
  await rest(world);
  for (const [name, { isAlive }] of world.processes) {
    if (!isAlive) await world.step(name, "starts again", () => world.restart(name));
  }
  await rest(world);
  const { questions, actions } = world.callers;
  const loggedIn = actions.flatMap(({ pair }) => pair === undefined ? [] : [pair]);
  const presented = [...questions, ...world.feishu.presentations].map(({ token }) => token);
  const tokens = new Set([...presented, ...loggedIn]);
  for (const process of world.alive) {
    for (const token of tokens) {
      await world.step(process.label, `is asked ${token}`, () => void world.callers.ask(process, token));
      await rest(world);
    }
  }
  world.invariants.over();
}

/** Lets every operation end in its ordinary outcome, until no process waits for an operation or a timer. */
export async function rest(world: World): Promise<void> {
  let fruitless = 0;
  let version = world.kv.version;
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const [point] = world.points.open;
    const next = world.time.untilDue();
    if (point !== undefined) {
      await world.proceed(point, point.outcomes[0] ?? "");
    } else if (next === undefined) {
      return;
    } else {
      const bigger = BIGGER_MS[Math.min(fruitless - FRUITLESS, BIGGER_MS.length - 1)] ?? 0;
      const ms = Math.max(next, bigger);
      await world.step("time", `passes: ${Math.round(ms)} ms`, () => world.pass(ms));
      fruitless = world.kv.version === version ? fruitless + 1 : 0;
      version = world.kv.version;
    }
  }
  throw new Violation("comesToRest", `somebody still waits after ${MOST_STEPS} steps without a fault`);
}
