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
 */
export function isBeforeLogout(
  record: Pick<TokenRecord, "began">,
  { value, version }: Versioned<Pick<TokenRecord, "wall"> | Tombstone>,
): boolean {
  if (record.began === undefined || value === null) return false;
  const wall = "endedAtMs" in value ? version : value.wall;
  return wall !== null && wall !== undefined && record.began < wall;
}

/**
 * Whether a login that was journaled, and may or may not have been stored since, is above what is stored. One whose login
 * stands there already is not, whatever became of it since; without claims on both sides that login is told by its place.
 *
 * @param isPlaced whether `record` has the place that it was first tried to be written in.
 */
export function isLoginAbove(
  record: TokenRecord,
  stored: TokenRecord | Tombstone | null,
  isPlaced: boolean,
): boolean {
  if (stored === null) return true;
  if (isTombstone(stored)) {
    const mayHaveBeenThere = record.began === undefined && (isPlaced || stored.login === record.login);
    return mayHaveBeenThere ? replaces(record, stored) : true;
  }
  if (isSameLogin(record, stored)) return record.gen > stored.gen;
  if (record.auth !== undefined && stored.auth !== undefined) return isNewer(record, stored);
  return isPlaced ? replaces(record, stored) : !isSamePair(record, stored);
}

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
  record: Pick<TokenRecord, "login" | "gen" | "fp" | "auth">,
  stored: Pick<TokenRecord, "login" | "gen" | "fp" | "auth"> | Tombstone | null,
): boolean {
  return stored !== null && !isTombstone(stored) && isSameLogin(stored, record) &&
    stored.gen === record.gen &&
    stored.fp !== record.fp;
}

/**
 * `record`, a login that is above what is stored, in the place in which it is written: with a number above the stored one,
 * since it may have been ordered before anybody could look at the store, by a clock that is behind; and with the last
 * logout that it came after.
 */
export function placed(
  record: TokenRecord,
  { value: stored, version }: Versioned<TokenRecord | Tombstone>,
): TokenRecord {
  if (stored === null) return record;
  const wall = isTombstone(stored) ? version ?? undefined : stored.wall;
  const after = wall === undefined ? record : { ...record, wall };
  if (record.login > stored.login) return after;
  return { ...after, login: stored.login + 1, gen: stored.gen + 1 };
}
