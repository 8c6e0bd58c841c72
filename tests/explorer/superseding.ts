import { endOfChain } from "./answers.ts";
import { cameOf, generationOf, isLater, loginOf, type PairName } from "./pair_name.ts";
import type { Machine } from "./machine.ts";
import type { World } from "./world.ts";

/**
 * Whether a process of `machine` that knows `pair` must not present `token` any more: `pair` came after it, or of a later
 * login of the same user. In a caller's chain this holds only where links that the machine can find lead from the one to
 * the other. A store that was taken back may lack links, so there it holds for the next pair of the chain alone.
 */
export function supersedes(
  world: World,
  pair: PairName | null | undefined,
  token: PairName,
  machine: Machine,
): boolean {
  if (pair === null || pair === undefined) return false;
  const record = world.recordOf(token);
  if (!world.isGrant(record)) {
    return world.isTakenBack
      ? cameOf(pair, token)
      : isLater(pair, token) && areLinked(world, token, pair, machine);
  }
  if (world.recordOf(pair) !== record) return false;
  return isLater(pair, token) || world.history.loginMs(pair) > world.history.loginMs(token);
}

/**
 * Whether all pairs between the two were kept at some time, in the store or in this machine's journal. A process may have
 * died before it kept one, or be slow to store it.
 */
function areLinked(
  { history: { stored, noted } }: World,
  token: PairName,
  pair: PairName,
  machine: Machine,
): boolean {
  const notedHere = [...noted].filter(([, name]) => name === machine.name).map(([each]) => each);
  const kept = new Set(
    [...stored.keys(), ...notedHere].filter((each) => loginOf(each) === loginOf(pair)).map(generationOf),
  );
  for (let generation = generationOf(token) + 1; generation < generationOf(pair); generation++) {
    if (!kept.has(generation)) return false;
  }
  return true;
}

/** Whether the store leads from `token` to `pair`, or to what supersedes it. Of logins at the same moment any does. */
export function leadsTo(world: World, token: PairName, pair: PairName): boolean {
  const { token: stored } = world.view.record(world.recordOf(token));
  if (stored === undefined) return false;
  if (stored.pair === null) return stored.login >= world.history.loginMs(pair);
  const end = endOfChain(world, token);
  return loginOf(end) === loginOf(pair)
    ? generationOf(end) >= generationOf(pair)
    : world.history.loginMs(end) >= world.history.loginMs(pair);
}
