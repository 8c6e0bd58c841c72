/**
 * Refresh tokens are called by the login that they come from and their place in it: `A1`, `A2`, …; `A2'` is a second
 * successor of `A1`. A pair is called by its refresh token, and so is the record of what came of a caller's token.
 */
export type PairName = string;

/** Its place in its login, from 1. */
export function generationOf(pair: PairName): number {
  return Number.parseInt(pair.slice(1));
}

/** The login that it comes from. */
export function loginOf(pair: PairName): string {
  return pair.slice(0, 1);
}

/** Whether `pair` came of the same login as `other`, and after it. */
export function isLater(pair: PairName, other: PairName): boolean {
  return loginOf(pair) === loginOf(other) && generationOf(pair) > generationOf(other);
}

/** Whether `pair` is what a presentation of `presented` brings. */
export function cameOf(pair: PairName, presented: PairName): boolean {
  return loginOf(pair) === loginOf(presented) && generationOf(pair) === generationOf(presented) + 1;
}

/** Whether a record's name is that of a caller's token. */
export function isPairName(record: string): boolean {
  return /^[A-Z]\d/.test(record);
}

/** Name of the record of the app's own token, whose tokens are called `T1`, `T2`, …; callers ask for it by that name. */
export const APP_RECORD = "app";
