import { defined } from "../../defined.ts";
import { TokenError } from "../../errors/token_error.ts";
import type { Clock } from "../../ports/clock.ts";
import { isTombstone, placed } from "../../ports/record_order.ts";
import type { RecordStore, TokenRecord, Tombstone } from "../../ports/store.ts";
import type { DurablePairs, PairPlace } from "../renewal/durable_pairs.ts";
import { COMMIT_DEADLINE_MS } from "../renewal/limits.ts";
import type { RecordRef } from "../renewal/record_ref.ts";
import type { GrantIndex } from "./grant_index.ts";

/** Attempts of a logout. A rotation that lands first makes one fail; a store that refuses this often is broken. */
const ROUNDS = 5;
const COME_BACK_MS = 1_000;

/** Begins grants by logins and ends them by logouts. Neither needs a lease: the order of records decides. */
export class Logins {
  readonly #options: LoginsOptions;

  /** On one store. */
  constructor(options: LoginsOptions) {
    this.#options = options;
  }

  /**
   * Keeps the pair of a user who has just authorized the app. The pair is journaled before the store is read. In the
   * store it is placed above earlier logins, so that a late rotation of one of those cannot replace it. It is not
   * stored if the user has authorized the app again later, or has logged out since the login began.
   *
   * If the pair has claims, or a place, finishing the same login a second time changes nothing.
   *
   * @param place the place that the login was given before, by whichever process; without it this process chooses one.
   */
  async login(ref: RecordRef, pair: LoginPair, place?: LoginPlace): Promise<LoginOutcome> {
    const { pairs, clock } = this.#options;
    const login = pair.auth === undefined ? clock.now() : pair.auth.timeS * 1_000;
    const inOrder = place === undefined ? { login, gen: 1 } : { ...place, isPlaced: true };
    return await pairs.keepLogin(ref, { ...pair, ...inOrder, isLogin: true });
  }

  /** The place of a login without claims, above what the store holds of the grant now. */
  async placeOf(ref: RecordRef, pair: LoginPair): Promise<LoginPlace> {
    const { store, clock } = this.#options;
    const { token } = await store.read(ref.name);
    const { login, gen, wall } = placed({ ...pair, login: clock.now(), gen: 1 }, token);
    return { login, gen, ...defined({ wall }) };
  }

  /**
   * Ends the grant. One atomic write with `check(token)` replaces the pair by a tombstone, and removes status, spare
   * and the entry of the index of grants. A renewal in flight ends in `not_logged_in`.
   *
   * @returns whether there was a pair to end.
   * @throws TokenError `store_unavailable` when the tombstone cannot be written.
   */
  async logout(ref: RecordRef): Promise<boolean> {
    const { pairs, store, clock, index } = this.#options;
    for (let round = 0; round < ROUNDS; round++) {
      const { token, isUnstored } = await pairs.read(ref);
      const stored = token.value;
      if (stored === null) return false;
      if (isTombstone(stored)) {
        await pairs.forget(ref, stored);
        return round > 0;
      }
      // A pair that is too large for any database will never be stored: end what the store has instead.
      if (isUnstored && !pairs.isTooLarge(ref, stored)) break;
      const ended: Tombstone = { login: stored.login, gen: stored.gen, endedAtMs: clock.now() };
      const outcome = await store.write(ref.name, {
        check: { token: token.version },
        set: { token: ended },
        remove: ["status", "spare"],
        also: await index?.removed(ref) ?? [],
        deadlineMs: COMMIT_DEADLINE_MS,
      });
      if (outcome.kind !== "ok") continue;
      await pairs.forget(ref, ended);
      return true;
    }
    throw new TokenError("store_unavailable", { retryAfterMs: COME_BACK_MS });
  }
}

/** What {@linkcode Logins} needs. */
export interface LoginsOptions {
  /** Makes pairs durable. */
  readonly pairs: DurablePairs;
  /** Where the records are. */
  readonly store: RecordStore;
  /** Dates logins without claims, and logouts. */
  readonly clock: Clock;
  /** Tells which grants there are. */
  readonly index?: GrantIndex | undefined;
}

/** The record of a login's pair, before it has its place in the order of records. */
export type LoginPair = Omit<TokenRecord, "login" | "gen" | "isLogin" | "wall">;

/** A place in the order of records, as in {@linkcode TokenRecord}. */
export type LoginPlace = Pick<TokenRecord, "login" | "gen" | "wall">;

/** The record of a login's pair, and where it is now. */
export interface LoginOutcome {
  /** With its place in the order of records, whether or not it is stored. */
  readonly record: TokenRecord;
  /** Whether it is in the store, in the journal, or nowhere. */
  readonly place: PairPlace;
}
