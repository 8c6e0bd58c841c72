import type { TokenRecord } from "./store.ts";

/** What orders the records of one name: the login first, then the generation. */
export type RecordOrder = Pick<TokenRecord, "login" | "gen">;

/** Whether `a` is newer than `b`. */
export function isNewer(a: RecordOrder, b: RecordOrder): boolean {
  return a.login > b.login || (a.login === b.login && a.gen > b.gen);
}
