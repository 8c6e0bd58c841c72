import { SPENDING_LIMITS } from "../../../src/tokens/constants.ts";
import type { Lie } from "../history.ts";
import { APP_RECORD } from "../pair_name.ts";
import type { World } from "../world.ts";

/** A read that was not answered by then is given up, in milliseconds. */
const READ_DEADLINE_MS = 5_000;

/**
 * 8. A store that says no to a claim or a commit that landed costs one read and no wait: once that read was answered, the
 * token is on its way to Feishu, or the pair on its way out of the journal.
 */
export function aLieCostsOneRead(world: World): string | undefined {
  const { history } = world;
  for (const lie of [...history.lies]) {
    const { process, operation: { kind, record } } = lie;
    const costs = `the lie about the ${kind} of ${record} costs ${process.label}`;
    if (lie.read === undefined) {
      lie.read = world.points.open.findLast(({ waiter, what }) =>
        waiter === process && what === `read ${record}`
      );
      if (lie.read === undefined) return `${costs} more than a look`;
      continue;
    }
    if (history.last?.point !== lie.read) continue;
    history.lies.delete(lie);
    if (history.last.fate !== "ok" || !isStillSo(world, lie)) continue;
    const goesOn = world.points.open.some(({ waiter, what }) =>
      waiter === process && nextStep(lie).test(what)
    );
    if (!goesOn) return `${costs} more than one read`;
  }
  return undefined;
}

/** Whether the read showed what had landed, in good time. */
function isStillSo(world: World, lie: Lie): boolean {
  const { process, operation: { kind, record, sets, checks }, atMs, read } = lie;
  const now = world.view.record(record);
  const hasGivenUp = world.time.elapsedMs - (read?.sinceMs ?? 0) >= READ_DEADLINE_MS;
  if (!process.isAlive || hasGivenUp) return false;
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

function nextStep({ operation: { kind } }: Lie): RegExp {
  // Every claim is followed by a look into the journal, if there is one, before anything is presented under it.
  return kind === "claim" ? /^(present |ask for an app token|look into the journal)/ : /journal/;
}
