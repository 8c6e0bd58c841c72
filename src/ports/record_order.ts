import type { RecordOrder, TokenRecord, Tombstone } from "./store.ts";

/** Whether `a` is newer than `b`. */
export function isNewer(a: RecordOrder, b: RecordOrder): boolean {
  return a.login > b.login || (a.login === b.login && a.gen > b.gen);
}

/** Whether `value` says that a login has ended. */
export function isTombstone<T extends RecordOrder>(value: T | Tombstone): value is Tombstone {
  return "endedAtMs" in value;
}

/** The token that `value` holds; `null` where there is none, or where its login has ended. */
export function tokenIn(value: TokenRecord | Tombstone | null): TokenRecord | null {
  return value === null || isTombstone(value) ? null : value;
}

/**
 * Whether `record` may replace what is stored: it is newer, or nothing is there. After a logout only a later login may,
 * however far the rotations of the one that ended went on.
 */
export function replaces(record: RecordOrder, stored: RecordOrder | Tombstone | null): boolean {
  if (stored === null) return true;
  return isTombstone(stored) ? record.login > stored.login : isNewer(record, stored);
}

/**
 * Whether more than one rotation lies between what is stored and `record`, a rotation of its login: nobody skips one, so
 * the store has lost what it held.
 */
export function leavesGap(record: RecordOrder, stored: RecordOrder | null): boolean {
  return stored === null || stored.login !== record.login || record.gen > stored.gen + 1;
}

/** Whether `stored` is the very pair of `record`, whatever its place in the order. */
export function isSamePair(record: TokenRecord, stored: TokenRecord | Tombstone | null): boolean {
  return tokenIn(stored)?.fp === record.fp;
}

/** Whether both came of the same presentation and are not the same: Feishu has answered it twice. */
export function isRival(
  record: Pick<TokenRecord, "login" | "gen" | "fp">,
  stored: Pick<TokenRecord, "login" | "gen" | "fp"> | Tombstone | null,
): boolean {
  return stored !== null && !isTombstone(stored) && stored.login === record.login &&
    stored.gen === record.gen &&
    stored.fp !== record.fp;
}

/**
 * `record`, a login, above what is stored. It was ordered before the store could be looked at, maybe by a clock that is
 * behind others; but the user has authorized the app just now.
 */
export function above(stored: TokenRecord | Tombstone | null, record: TokenRecord): TokenRecord {
  if (stored === null || replaces(record, stored)) return record;
  return { ...record, login: stored.login + 1, gen: stored.gen + 1 };
}
