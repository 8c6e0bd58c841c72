import { isReopenable } from "../../../src/login/is_open.ts";
import { hasWorkLeft } from "../../../src/login/login_steps.ts";
import type { ErrorCode } from "../../../src/errors/error_table.ts";
import { isAuthorizedLater } from "../logins/family.ts";
import { PEOPLE } from "../logins/login_history.ts";
import { generationOf, loginOf, type PairName } from "../pair_name.ts";
import { issuedFor } from "../presentation.ts";
import type { Machine } from "../machine.ts";
import { START_MS } from "../virtual_time.ts";
import type { World } from "../world.ts";

/** Ends of a login that has brought a pair and rightly keeps none. */
const RIGHT_ENDS: ReadonlySet<ErrorCode> = new Set([
  "login_wrong_person",
  "login_expired",
  "user_unavailable",
]);

/** Every call to a process that lives has an answer in the end. */
export function answersEveryCall({ people }: World): string | undefined {
  const open = people.calls.find(({ process, outcome }) => process.isAlive && outcome === undefined);
  return open === undefined ? undefined : `${open.process.label} has never answered "${open.what}"`;
}

/** Every login comes to its end, and leaves no pair behind in its own record or in a journal. */
export function endsEveryLogin(world: World): string | undefined {
  const { loginHistory, view, machines } = world;
  for (const [code, { record }] of loginHistory.logins) {
    if (hasWorkLeft(record)) return `${code} is ${record.phase} in the end, cleared: ${record.isCleared}`;
    const left = view.record(code).token?.pair ?? null;
    if (left !== null) return `${left} is left in the record of ${code}`;
  }
  for (const machine of machines) {
    const [note] = machine.notes();
    if (note !== undefined && !hasLeftFiles(world, machine)) {
      return `${note.pair.pair} of ${note.record} is left in the journal of ${machine.name}`;
    }
  }
  return undefined;
}

/**
 * Whether a file could not be removed, or the last start on a machine could not decide on it, for instance since the store was
 * away: the next start will.
 */
function hasLeftFiles({ alive, loginHistory }: World, machine: Machine): boolean {
  return loginHistory.uncleared.has(machine) ||
    alive.some((process) =>
      process.machine === machine && process.log.lines.some(({ event }) => event.startsWith("journal file"))
    );
}

/**
 * Everyone who has authorized the app, and has not logged out since, has a grant whose refresh token is good: that of the last
 * authorization, unless it was dropped for a choice. Of pairs that got lost on their way nothing can be kept.
 */
export function losesNoLiveLogin(world: World): string | undefined {
  const { feishu, loginHistory, view } = world;
  for (const person of PEOPLE) {
    if (hasLostRotation(world, person)) continue;
    const lives = loginHistory.issued().filter(({ presentation, pair }) =>
      isToBeKept(world, person, presentation.token, pair)
    );
    const [first] = lives;
    if (first === undefined) continue;
    const kept = view.record(person).token?.pair ?? null;
    if (kept === null) {
      return `${person} has no grant, although ${first.pair} of ${first.presentation.token} was issued`;
    }
    const pairs = lives.map(({ pair }) => pair);
    if (!feishu.isGood(kept) && !isKilledForNothing(world, person, kept, pairs)) {
      return `the grant of ${person} has ${kept}, which is not good at Feishu`;
    }
    const later = lives.find(({ presentation: { token }, pair }) =>
      isAuthorizedLater(feishu.logins.familyOf(pair), feishu.logins.familyOf(kept)) &&
      !isDropped(world, token)
    );
    if (later !== undefined) {
      return `the grant of ${person} has ${kept}, and ${later.pair} was authorized later`;
    }
  }
  return undefined;
}

function isToBeKept(world: World, person: string, code: string, pair: PairName): boolean {
  const { feishu, loginHistory } = world;
  const found = loginHistory.issued().find((each) => each.pair === pair);
  if (found === undefined || feishu.logins.familyOf(pair)?.person !== person) return false;
  if (loginHistory.isLoggedOut(code, person)) return false;
  if (!loginHistory.isHeld(found.presentation, pair)) return false;
  const record = loginHistory.logins.get(code)?.record;
  const failure = record?.failure?.code;
  if (record === undefined || failure === undefined) return true;
  // A pair that is found too late finds nobody any more who waits for it.
  const foundMs = START_MS + Math.max(loginHistory.durable.get(pair) ?? Infinity, loginHistory.quietMs);
  if (failure === "login_outcome_unknown" && !isReopenable(record, foundMs)) return false;
  return !RIGHT_ENDS.has(failure);
}

/**
 * Whether Feishu has ended a grant by a later login that nobody could keep: its pair got lost, the person had logged out, or
 * it was refused. Where one lacks claims also by one that was placed before it, since nothing else tells their order.
 */
function isKilledForNothing(
  { feishu, loginHistory, options }: World,
  person: string,
  kept: PairName,
  lives: readonly PairName[],
): boolean {
  if (options.logins?.secondLogin !== "kills") return false;
  const hasClaims = (pair: PairName): boolean => feishu.logins.familyOf(pair)?.claims !== undefined;
  return loginHistory.issued().some(({ pair }) => {
    const isLater = feishu.logins.familyOf(pair)?.person === person && loginOf(pair) > loginOf(kept);
    const isOrdered = hasClaims(kept) && hasClaims(pair);
    return isLater && !(isOrdered && lives.includes(pair));
  });
}

function isDropped({ loginHistory }: World, code: string): boolean {
  return loginHistory.logins.get(code)?.record.outcome?.warning === "login_narrower_dropped";
}

/** Whether an answer to a refresh has got lost with its pair: then nobody can renew that family. */
function hasLostRotation({ feishu, loginHistory }: World, person: string): boolean {
  return feishu.presentations.some((presentation) => {
    const pair = issuedFor(presentation);
    if (pair === undefined || generationOf(pair) === 1) return false;
    return feishu.logins.familyOf(pair)?.person === person && !loginHistory.isHeld(presentation, pair);
  });
}

/** Each grant is in the index of grants, and nobody else. */
export function indexesEveryGrant({ view }: World): string | undefined {
  const listed = new Set(view.values("grant").map(({ name }) => name));
  for (const person of PEOPLE) {
    const kept = view.record(person).token?.pair ?? null;
    const isListed = listed.has(`index of ${person}`);
    if (kept !== null && !isListed) return `the grant of ${person} has ${kept}, and is not in the index`;
    if (kept === null && isListed) return `${person} has no grant, and is in the index`;
  }
  return undefined;
}
