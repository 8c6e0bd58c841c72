import { digest } from "./digest.ts";
import type { World } from "./world.ts";

/** A digest of everything that can make a difference to what happens next in `world`, whose option `knowsStates` is set. */
export function stateOf(world: World): number {
  const processes = [...world.processes].map(([name, { state, isAlive }]) => `${name} ${state} ${isAlive}`);
  const points = world.points.open.map(({ waiter, what, sinceMs }) => `${waiter.label} ${what} ${sinceMs}`);
  return digest([...processes, ...points.toSorted(), surroundingsOf(world)].join());
}

/** The state that processes share: what one of them learns in a step depends on nothing else. */
export function surroundingsOf(world: World): string {
  const cells = [...world.kv.cells].map(([key, { version }]) => `${key} ${version}`);
  const presented = world.feishu.presentations.map((each) => JSON.stringify({ ...each, by: each.by.label }));
  const noted = [...world.machines].flatMap((machine) =>
    machine.notes().map(({ pair }) => `${machine.name} ${pair.pair}`)
  );
  return [
    world.time.elapsedMs,
    world.versionAtPass,
    ...cells.toSorted(),
    ...presented,
    ...world.feishu.books.live,
    ...noted.toSorted(),
  ].join();
}
