import type { RecordOrder, TokenRecord, Tombstone, Versioned } from "./store.ts";

/** Whether both belong to the same login: by Feishu's claims where both have them, else by the number of the login. */
export function isSameLogin(a: RecordOrder, b: RecordOrder): boolean {
  if (a.auth !== undefined && b.auth !== undefined) {
    return a.auth.timeS === b.auth.timeS && a.auth.id === b.auth.id;
  }
  return a.login === b.login;
}

/**
 * Whether `a` is newer than `b`. Within one login the generation decides. Between two logins with claims the later
 * `auth_time` of Feishu's own clock decides, and within one second the greater `auth_id`; without claims the number of
 * the login.
 */
export function isNewer(a: RecordOrder, b: RecordOrder): boolean {
  if (isSameLogin(a, b)) return a.gen > b.gen;
  if (a.auth !== undefined && b.auth !== undefined) {
    return a.auth.timeS === b.auth.timeS ? a.auth.id > b.auth.id : a.auth.timeS > b.auth.timeS;
  }
  return a.login > b.login;
}

/** Whether `value` is what a logout has left. */
export function isTombstone<T extends RecordOrder>(value: T | Tombstone): value is Tombstone {
  return "endedAtMs" in value;
}

/** `value`, if it holds a token; `null` where there is none, or a tombstone. */
export function tokenIn(value: TokenRecord | Tombstone | null): TokenRecord | null {
  return value === null || isTombstone(value) ? null : value;
}

/**
 * Whether `record` may replace what is stored: it is newer, or nothing is there. Only a later login may replace a
 * tombstone; a rotation of the login that ended may not, whatever its generation.
 */
export function replaces(record: RecordOrder, stored: RecordOrder | Tombstone | null): boolean {
  if (stored === null) return true;
  return isTombstone(stored) ? record.login > stored.login : isNewer(record, stored);
}

/**
 * Whether the login of `record` began before the last logout: then no pair of it is stored any more. Two versions of
 * the store are compared, no clock: that of the login's own record when it was created, and that of the tombstone.
 *
 * A stored wall that is not less than the version of its own record comes from a database that was deleted since.
 * Versions of two databases cannot be compared, so it is ignored.
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
 * Whether a logout came after `seen`, a record that was stored once, and before `stored`. Each record that is stored
 * after a logout carries its wall, which is then above that of `seen`.
 */
export function isBehindWall(seen: TokenRecord, stored: TokenRecord | Tombstone | null): boolean {
  const wall = tokenIn(stored)?.wall;
  return wall !== undefined && (seen.wall ?? "") < wall;
}

/**
 * Whether a login that was journaled is to be written over what is stored. A login with a place may have been stored
 * and rotated since, by this process or another: the order of records decides. A login without a place was never
 * written: it replaces any other login, unless Feishu's claims say that the other one is later.
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

/** The parts of a token record that order it, and its fingerprint. */
export type TokenOrder = Pick<TokenRecord, "login" | "gen" | "fp" | "auth">;

/**
 * Whether a rotation is missing between what is stored and `record`. Rotations of a login are stored one after another,
 * so the store has then lost one that it held.
 */
export function leavesGap(record: RecordOrder, stored: RecordOrder | null): boolean {
  return stored === null || !isSameLogin(stored, record) || record.gen > stored.gen + 1;
}

/** Whether `stored` holds the same pair as `record`, at whatever place in the order. */
export function isSamePair(record: TokenRecord, stored: TokenRecord | Tombstone | null): boolean {
  return tokenIn(stored)?.fp === record.fp;
}

/** Whether both are different pairs of one login and generation: Feishu has issued two for one refresh token. */
export function isRival(
  record: TokenOrder,
  stored: TokenOrder | Tombstone | null,
): boolean {
  return stored !== null && !isTombstone(stored) && isSameLogin(stored, record) &&
    stored.gen === record.gen &&
    stored.fp !== record.fp;
}

/**
 * Gives a login that is above what is stored its final place in the order of records, and the wall of the last logout
 * before it. The number of the login may come from a clock that is behind, so it is raised above the stored number.
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
