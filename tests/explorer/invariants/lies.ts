import { SPENDING_LIMITS } from "../../../src/tokens/renewal/limits.ts";
import type { Lie } from "../history.ts";
import { APP_RECORD } from "../pair_name.ts";
import type { Point } from "../schedule_points.ts";
import { type ServerProcess, USER } from "../server_process.ts";
import type { World } from "../world.ts";

/** A read that was not answered by then is given up, in milliseconds. */
const READ_DEADLINE_MS = 5_000;

/**
 * A store that reports a conflict for a claim or a commit that landed costs one read and no wait (C16): once that read was
 * answered, the token is being presented, or the pair is being removed from the journal. After a claim there may be one
 * more read, that of state Check, which is due without a lie as well.
 */
export function aLieCostsOneRead(world: World): string | undefined {
  const { history, points } = world;
  for (const lie of [...history.lies]) {
    const { process, operation: { kind, record }, before } = lie;
    const costs = `the lie about the ${kind} of ${record} costs ${process.label}`;
    if (lie.reads === undefined) {
      lie.reads = readsOf(lie).filter((point) => !before.has(point));
      if (lie.reads.length === 0) return `${costs} more than a look`;
      continue;
    }
    const read = lie.reads.find((each) => each === history.last?.point);
    if (read === undefined) continue;
    const goesOn = points.open.some(({ waiter, what }) => waiter === process && nextStep(lie).test(what));
    // Another run of the same process may have begun a look of its own in the same step.
    lie.reads = lie.reads.filter((each) => each !== read);
    const isSettled = goesOn || history.last?.outcomeName !== "ok" || !isStillSo(world, lie, read);
    if (!isSettled && lie.reads.length === 0 && kind === "claim" && !lie.isLastLook) {
      lie.reads = readsOf(lie);
      lie.isLastLook = true;
    }
    if (isSettled || lie.reads.length === 0) history.lies.delete(lie);
    if (!isSettled && lie.reads.length === 0) return `${costs} more than one read`;
  }
  return undefined;

  function readsOf({ process, operation: { record } }: Lie): Point[] {
    return points.open.filter(({ waiter, what }) => waiter === process && what === `read ${record}`);
  }
}

/** Whether the read showed what had landed, in good time. */
function isStillSo(world: World, lie: Lie, read: Point): boolean {
  const { process, operation: { kind, record, sets, checks }, atMs } = lie;
  const now = world.view.record(record);
  const hasGivenUp = world.time.elapsedMs - read.sinceMs >= READ_DEADLINE_MS;
  if (!process.isAlive || hasGivenUp || (record === USER && isChangingUser(world, process))) {
    return false;
  }
  if (kind === "commit") {
    const isJournaled = process.machine.folder !== null && record !== APP_RECORD;
    return isJournaled && now.token?.pair === sets.token?.pair;
  }
  const isInTime = world.time.elapsedMs - atMs <= SPENDING_LIMITS.lifeMs - SPENDING_LIMITS.needMs;
  const isSameToken = checks.get("token") === null
    ? now.token === undefined
    : now.token?.pair === sets.lease?.about;
  return isInTime && isSameToken && now.lease?.nonce === sets.lease?.nonce;
}

/** Whether a login or a logout is under way: what it holds outranks what was claimed or stored. */
function isChangingUser({ callers }: World, process: ServerProcess): boolean {
  return callers.actions.some((action) => action.process === process && action.outcome === undefined);
}

function nextStep({ operation: { kind } }: Lie): RegExp {
  // Every claim is followed by a look into the journal, if there is one, before anything is presented under it.
  return kind === "claim" ? /^(present |ask for an app token|look into the journal)/ : /journal/;
}
