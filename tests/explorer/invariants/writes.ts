import { isNewer } from "../../../src/ports/record_order.ts";
import { APP_RECORD, generationOf, isPairName } from "../pair_name.ts";
import type { ServerProcess } from "../server_process.ts";
import type { OperationKind, PlainOperation, RecordView, SlotName } from "../store_view.ts";
import type { World } from "../world.ts";

/** The versions that each kind of write must have checked. */
export const NEEDED_CHECKS: Readonly<Record<OperationKind, readonly SlotName[]>> = {
  claim: ["token", "lease", "status"],
  "hold off": ["token", "lease"],
  commit: ["token"],
  link: ["token"],
  mark: ["token", "lease", "spare"],
  release: ["lease"],
  adopt: ["token", "spare"],
  "file spare": ["spare"],
  "log out": ["token"],
  park: ["token", "status"],
  index: ["token"],
  note: [],
};

/**
 * Promise 3. A pair is replaced only by a newer one, or by its spare. Only a later login follows a logout. A link never moves
 * to an older pair.
 */
export function neverGoesBack(
  _world: World,
  process: ServerProcess,
  { kind, record, sets: { token } }: PlainOperation,
  before: RecordView,
): string | undefined {
  const old = before.token;
  if (token === undefined || old === undefined) return undefined;
  const writes = `${process.label} writes ${token.pair ?? "a logout"} over ${
    old.pair ?? "a logout"
  } in ${record}`;
  if (old.pair === null) {
    return token.pair === null || token.login > old.login ? undefined : `${writes}: no later login`;
  }
  if (token.pair === old.pair || isNewer(token, old)) return undefined;
  if (isNewer(old, token)) return `${writes}: older`;
  if (token.pair === null) return undefined;
  if (isPairName(record)) {
    return generationOf(token.pair) >= generationOf(old.pair) ? undefined : `${writes}: older`;
  }
  return kind === "adopt" ? undefined : `${writes}: of the same generation, and not adopted`;
}

/** Promise 6. Nothing of a login that began before a logout is stored after it. */
export function bringsNobodyBack(
  { history }: World,
  process: ServerProcess,
  { record, sets: { token } }: PlainOperation,
): string | undefined {
  const pair = token?.pair ?? null;
  if (pair === null || !history.isBehindWall(pair)) return undefined;
  return `${process.label} writes ${pair} into ${record} after the logout`;
}

/** Every write has the checks of its kind, as in the table of `docs/renewal.md`. */
export function listsItsChecks(
  _world: World,
  process: ServerProcess,
  { kind, record, checks }: PlainOperation,
): string | undefined {
  const missing = NEEDED_CHECKS[kind].filter((slot) => !checks.has(slot));
  if (missing.length === 0) return undefined;
  return `${process.label} writes a ${kind} of ${record} without a check of ${missing.join(" and ")}`;
}

/** Promise 3. An unknown outcome is never forgotten while the same token is stored. */
export function forgetsNoUnknownOutcome(
  _world: World,
  process: ServerProcess,
  { kind, record, sets: { lease }, deletes }: PlainOperation,
  before: RecordView,
): string | undefined {
  // Nothing is spent in an attempt to get an app token.
  if (record === APP_RECORD || !before.lease?.unknown) return undefined;
  const isReplaced = lease !== undefined && lease.about === before.lease.about && !lease.unknown;
  return deletes.includes("lease") || isReplaced
    ? `the ${kind} of ${record} by ${process.label} forgets that an outcome is unknown`
    : undefined;
}
