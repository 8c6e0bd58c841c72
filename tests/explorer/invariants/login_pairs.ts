import { isReopenable } from "../../../src/login/is_open.ts";
import type { LoginRecord } from "../../../src/login/login_record.ts";
import { isAuthorizedLater } from "../logins/family.ts";
import { PEOPLE } from "../logins/login_history.ts";
import { loginOf, type PairName } from "../pair_name.ts";
import type { ServerProcess } from "../server_process.ts";
import type { PlainOperation } from "../store_view.ts";
import { START_MS } from "../virtual_time.ts";
import type { World } from "../world.ts";

/**
 * A pair that a device code brought, and that was once in the store or in a journal, stays in one of them until the grant was
 * stored, the login has ended otherwise, or the person has logged out.
 */
export function keepsEveryIssuedPair(world: World): string | undefined {
  const { loginHistory, feishu, view } = world;
  const notes = [...world.machines].flatMap((machine) => machine.notes());
  for (const { presentation: { token: code }, pair } of loginHistory.issued()) {
    const person = feishu.logins.familyOf(pair)?.person ?? "";
    if (!loginHistory.durable.has(pair) || loginHistory.wasKept(person, pair)) continue;
    if (loginHistory.isLoggedOut(code, person)) continue;
    const record = loginHistory.logins.get(code)?.record;
    if (record === undefined || isOver(world, record)) continue;
    const isStored = view.record(code).token?.pair === pair;
    const isNoted = notes.some((note) => note.pair.pair === pair);
    if (!isStored && !isNoted) {
      return `${pair} of ${code} is in no store and no journal any more, and in no grant`;
    }
  }
  return undefined;
}

function isOver(world: World, record: LoginRecord): boolean {
  const isFinal = record.phase === "done" || record.phase === "failed";
  return isFinal && !isReopenable(record, START_MS + world.time.elapsedMs);
}

/**
 * A login is called done only once its grant is stored: its own pair or a later one of it, or the grant of an authorization
 * that outranks it.
 */
export function isDoneOnlyWhenStored(
  world: World,
  process: ServerProcess,
  { values }: PlainOperation,
): string | undefined {
  const { loginHistory, feishu, view } = world;
  for (const [code, { record, before }] of loginHistory.logins) {
    const isNow = record.phase === "done" && before?.phase !== "done" &&
      values.some(({ name }) => name === `login ${code}`);
    if (!isNow) continue;
    const pair = loginHistory.issued().find(({ presentation }) => presentation.token === code)?.pair;
    const says = `${process.label} calls ${code} done`;
    if (pair === undefined) return `${says}, which has brought no pair`;
    const person = record.who?.openId ?? "";
    if (loginHistory.wasKept(person, pair)) continue;
    const kept = view.record(person).token?.pair ?? null;
    if (kept === null) return `${says} although ${person} has no grant`;
    if (record.outcome?.warning === "login_narrower_dropped") continue;
    const own = feishu.logins.familyOf(pair);
    const other = feishu.logins.familyOf(kept);
    if (isAuthorizedLater(own, other)) {
      return `${says} although the grant has ${kept}, of an earlier authorization, and never had ${pair}`;
    }
  }
  return undefined;
}

/** Nothing of a login that began before a logout is stored in the grant after it. */
export function bringsNoLoginBack(
  { loginHistory }: World,
  process: ServerProcess,
  { record, sets: { token } }: PlainOperation,
): string | undefined {
  const pair = token?.pair ?? null;
  if (pair === null || !PEOPLE.includes(record)) return undefined;
  const code = codeOf(loginHistory.issued(), pair);
  if (code === undefined || !loginHistory.isLoggedOut(code, record)) return undefined;
  return `${process.label} writes ${pair} of ${code} into the grant of ${record} after the logout`;
}

/** A login ends once, with one outcome. One whose outcome is not known may go on where its pair turns up. */
export function endsLoginsOnce(
  { loginHistory }: World,
  process: ServerProcess,
  { values }: PlainOperation,
): string | undefined {
  for (const [code, { record, before }] of loginHistory.logins) {
    if (before === undefined || !values.some(({ name }) => name === `login ${code}`)) continue;
    const wasFinal = before.phase === "done" || before.phase === "failed";
    if (!wasFinal || before.failure?.code === "login_outcome_unknown") continue;
    const was = JSON.stringify([before.phase, before.outcome, before.failure]);
    const is = JSON.stringify([record.phase, record.outcome, record.failure]);
    if (was !== is) return `${process.label} changes the end of ${code} from ${was} to ${is}`;
  }
  return undefined;
}

/** The code of the login that a pair comes from. */
export function codeOf(
  issued: ReturnType<World["loginHistory"]["issued"]>,
  pair: PairName,
): string | undefined {
  return issued.find((each) => loginOf(each.pair) === loginOf(pair))?.presentation.token;
}
