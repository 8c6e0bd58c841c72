import { CALLER_DEADLINE_MS } from "../../../src/tokens/renewal/within_caller_deadline.ts";
import { CLOCK_SLACK_MS } from "../../../src/tokens/renewal/remaining_ms.ts";
import { UNCHANGED_MEMORY_MS } from "../../../src/tokens/app/is_reissued_just_now.ts";
import type { LoginAction } from "../login_action.ts";
import { APP_RECORD, isLater, type PairName } from "../pair_name.ts";
import { issuedFor } from "../presentation.ts";
import type { Question } from "../question.ts";
import type { ServerProcess } from "../server_process.ts";
import { leadsTo } from "../superseding.ts";
import type { World } from "../world.ts";

/**
 * Promise 3. No caller is answered with a pair that is neither stored nor journaled, unless the answer says so. A pair that
 * a logout or a later login has made worthless need not be durable.
 */
export function answersOnlyWithKeptPairs(
  world: World,
  { process, token, outcome }: Question,
): string | undefined {
  if (outcome?.kind !== "pair" || outcome.hasDoubts || token === APP_RECORD) return undefined;
  if (isKept(world, process, outcome.pair)) return undefined;
  return `${process.label} answers ${token} with ${outcome.pair}, which is kept nowhere`;
}

/** Promise 5. The same token, presented later, is never answered with an older pair, unless the answer says so. */
export function answersNothingOlder(
  world: World,
  { process, token, outcome, atLeast, takeBacks }: Question,
): string | undefined {
  if (outcome?.kind !== "pair" || outcome.hasDoubts || takeBacks < world.takeBacks) return undefined;
  if (atLeast === null || !isLater(atLeast, outcome.pair)) return undefined;
  return `${process.label} answers ${token} with ${outcome.pair} after ${atLeast} was had for it`;
}

/**
 * Promise 1. A caller who reports an access token as rejected is not answered with it, because the simulated Feishu never
 * issues it again; unless it was issued within a minute before the call, and the answer says so.
 */
export function answersNothingRejected(
  world: World,
  { process, token, outcome, rejected }: Question,
): string | undefined {
  if (outcome?.kind !== "pair" || outcome.pair !== rejected) return undefined;
  const issued = world.feishu.presentations.find((each) => issuedFor(each) === rejected);
  const agoMs = world.time.elapsedMs - (issued?.decidedMs ?? -Infinity);
  const latestMs = UNCHANGED_MEMORY_MS + CALLER_DEADLINE_MS + (world.hasSkew ? CLOCK_SLACK_MS : 0);
  if (outcome.isSame === true && agoMs < latestMs) return undefined;
  return `${process.label} answers ${token} with ${rejected}, which was reported as rejected`;
}

/** Promise 3. A login that is reported as kept is in the journal or in the store. */
export function keepsLogins(world: World, { process, pair, outcome }: LoginAction): string | undefined {
  if (pair === undefined || outcome?.kind !== "done" || !outcome.isKept) return undefined;
  return isKept(world, process, pair)
    ? undefined
    : `${process.label} calls the login ${pair} kept, and it is kept nowhere`;
}

/** Promise 1. Where a caller gets no token, the error says why: it has a code. */
export function answersOnlyInWords(_world: World, { process, token, outcome }: Question): string | undefined {
  return outcome?.kind === "broken" ? `${process.label} fails at ${token}: ${outcome.error}` : undefined;
}

/** The same holds for a login and a logout. */
export function failsOnlyInWords(_world: World, { process, outcome }: LoginAction): string | undefined {
  return outcome?.kind === "broken"
    ? `a login or logout fails at ${process.label}: ${outcome.error}`
    : undefined;
}

function isKept(world: World, process: ServerProcess, pair: PairName): boolean {
  return world.history.stored.has(pair) || world.history.noted.has(pair) ||
    (world.isGrant(world.recordOf(pair)) && leadsTo(world, pair, pair)) ||
    // Noted in the slot `spare` of its own record, where a caller who presents its refresh token finds it.
    world.view.record(pair).spare?.pair === pair ||
    process.machine.notes().some((note) => note.pair.pair === pair);
}
