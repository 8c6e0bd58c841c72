import type { RecordOrder, TokenRecord, Tombstone, Versioned } from "./store.ts";

/**
 * Whether both are of one login. The claims of Feishu's access tokens tell that; without them the place that a login was
 * given.
 */
export function isSameLogin(a: RecordOrder, b: RecordOrder): boolean {
  if (a.auth !== undefined && b.auth !== undefined) {
    return a.auth.timeS === b.auth.timeS && a.auth.id === b.auth.id;
  }
  return a.login === b.login;
}

/**
 * Whether `a` is newer than `b`. Within one login the generation decides. Of two logins it is the later authorization by
 * Feishu's own clock, and by the id where both are of one second; without claims the place that a login was given.
 */
export function isNewer(a: RecordOrder, b: RecordOrder): boolean {
  if (isSameLogin(a, b)) return a.gen > b.gen;
  if (a.auth !== undefined && b.auth !== undefined) {
    return a.auth.timeS === b.auth.timeS ? a.auth.id > b.auth.id : a.auth.timeS > b.auth.timeS;
  }
  return a.login > b.login;
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
 * Whether the login of `record` began before the last logout: then nothing of it is ever stored again. Versions of the
 * store tell, no clock: that of the login's own record when it was created, and that of the tombstone.
 *
 * A wall that is not older than the record in which it stands comes from a database that was deleted since, whose versions
 * say nothing any more.
 */
export function isBeforeLogout(
  record: Pick<TokenRecord, "began">,
  { value, version }: Versioned<Pick<TokenRecord, "wall"> | Tombstone>,
): boolean {
  if (record.began === undefined || value === null || version === null) return false;
  if ("endedAtMs" in value) return record.began < version;
  return value.wall !== undefined && value.wall < version && record.began < value.wall;
}

/**
 * Whether `seen`, a record that was stored once, is of a login that a logout has ended, and `stored` came after that
 * logout: all that is stored after a logout bears its wall.
 */
export function isBehindWall(seen: TokenRecord, stored: TokenRecord | Tombstone | null): boolean {
  const wall = tokenIn(stored)?.wall;
  return wall !== undefined && (seen.wall ?? "") < wall;
}

/**
 * Whether a login that was journaled is above what is stored. It may have been stored since, and rotated, by this process
 * or another; so a login that has its place is above what is older, by the order of records. One without a place was never
 * written: it is above every other login, if Feishu's claims do not say that it is the earlier one.
 */
export function isLoginAbove(
  record: Pick<TokenRecord, "login" | "gen" | "fp" | "auth" | "isPlaced">,
  stored: TokenOrder | Tombstone | null,
): boolean {
  if (stored === null) return true;
  if (record.isPlaced === true) return replaces(record, stored);
  if (isTombstone(stored)) return true;
  if (record.auth !== undefined && stored.auth !== undefined) return isNewer(record, stored);
  return stored.fp !== record.fp;
}

/** What orders a token record. */
export type TokenOrder = Pick<TokenRecord, "login" | "gen" | "fp" | "auth">;

/**
 * Whether more than one rotation lies between what is stored and `record`, a rotation of its login: nobody skips one, so
 * the store has lost what it held.
 */
export function leavesGap(record: RecordOrder, stored: RecordOrder | null): boolean {
  return stored === null || !isSameLogin(stored, record) || record.gen > stored.gen + 1;
}

/** Whether `stored` is the very pair of `record`, whatever its place in the order. */
export function isSamePair(record: TokenRecord, stored: TokenRecord | Tombstone | null): boolean {
  return tokenIn(stored)?.fp === record.fp;
}

/** Whether both came of the same presentation and are not the same: Feishu has answered it twice. */
export function isRival(
  record: TokenOrder,
  stored: TokenOrder | Tombstone | null,
): boolean {
  return stored !== null && !isTombstone(stored) && isSameLogin(stored, record) &&
    stored.gen === record.gen &&
    stored.fp !== record.fp;
}

/**
 * `record`, a login that is above what is stored, in the place in which it is written, once and for all: with a number above
 * the stored one, since it may have been ordered before anybody could look at the store, by a clock that is behind; and with
 * the last logout that it came after.
 */
export function placed(
  record: TokenRecord,
  { value: stored, version }: Versioned<TokenRecord | Tombstone>,
): TokenRecord {
  const inPlace: TokenRecord = { ...record, isPlaced: true };
  if (stored === null) return inPlace;
  const wall = isTombstone(stored) ? version ?? undefined : stored.wall;
  const after = wall === undefined ? inPlace : { ...inPlace, wall };
  if (record.login > stored.login) return after;
  return { ...after, login: stored.login + 1, gen: stored.gen + 1 };
}
