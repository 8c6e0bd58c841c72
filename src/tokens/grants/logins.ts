import { TokenError } from "../../errors/token_error.ts";
import type { Clock } from "../../ports/clock.ts";
import { isTombstone } from "../../ports/record_order.ts";
import type { RecordStore, TokenRecord, Tombstone } from "../../ports/store.ts";
import type { DurablePairs, PairPlace } from "../renewal/durable_pairs.ts";
import { COMMIT_DEADLINE_MS } from "../renewal/limits.ts";
import type { RecordRef } from "../renewal/record_ref.ts";
import type { DueIndex } from "./due_index.ts";

/** A logout is tried again when a rotation overtakes it; a store that refuses so often is broken. */
const ROUNDS = 5;
const COME_BACK_MS = 1_000;

/** How a grant begins and ends. Neither needs a lease: the order of records decides. */
export class Logins {
  readonly #options: LoginsOptions;

  /** On one store. */
  constructor(options: LoginsOptions) {
    this.#options = options;
  }

  /**
   * Keeps the pair of a person who has just authorized the app. The journal has it before the store is read. It goes above
   * what the store holds of earlier logins, so that a rotation of one of those that is still on its way cannot replace it;
   * it goes nowhere when the person authorized the app again later, or logged out since the login began.
   *
   * The same login finished twice changes nothing the second time, if its pair has claims.
   */
  async login(ref: RecordRef, pair: LoginPair): Promise<LoginOutcome> {
    const { pairs, clock } = this.#options;
    const login = pair.auth === undefined ? clock.now() : pair.auth.timeS * 1_000;
    return await pairs.keepLogin(ref, { ...pair, login, gen: 1, isLogin: true });
  }

  /**
   * Ends the login. One atomic write, `check(token)`, puts a tombstone in its place and removes status, spare and the entry of
   * the due index. A renewal that is in flight ends in `not_logged_in`.
   *
   * @returns whether there was a login.
   * @throws TokenError `store_unavailable` when it cannot be written.
   */
  async logout(ref: RecordRef): Promise<boolean> {
    const { pairs, store, clock, due } = this.#options;
    for (let round = 0; round < ROUNDS; round++) {
      const { token, isUnstored } = await pairs.read(ref);
      const stored = token.value;
      if (stored === null) return false;
      if (isTombstone(stored)) {
        await pairs.forget(ref, stored);
        return round > 0;
      }
      // A pair that no database takes never will be stored; what the store has instead is ended.
      if (isUnstored && !pairs.isTooLarge(ref, stored)) break;
      const ended: Tombstone = { login: stored.login, gen: stored.gen, endedAtMs: clock.now() };
      const outcome = await store.write(ref.name, {
        check: { token: token.version },
        set: { token: ended },
        remove: ["status", "spare"],
        also: await due?.removed(ref) ?? [],
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
  /** Tells when a login without claims was, and when one was ended. */
  readonly clock: Clock;
  /** Without it no grant is renewed ahead of time. */
  readonly due?: DueIndex | undefined;
}

/** What a login brings, without its place in the order of records. */
export type LoginPair = Omit<TokenRecord, "login" | "gen" | "isLogin" | "wall">;

/** Where the pair of a login is, and the record that it is in. */
export interface LoginOutcome {
  /** As it is, or would be, in the store. */
  readonly record: TokenRecord;
  /** How far it got. */
  readonly place: PairPlace;
}
