import { TokenError } from "../../errors/token_error.ts";
import type { Clock } from "../../ports/clock.ts";
import { isTombstone } from "../../ports/record_order.ts";
import type { RecordStore, TokenRecord, Tombstone } from "../../ports/store.ts";
import { COMMIT_DEADLINE_MS } from "../renewal/limits.ts";
import type { DurablePairs } from "../renewal/durable_pairs.ts";
import type { RecordRef } from "../renewal/record_ref.ts";

/** A logout that is overtaken by a rotation tries again; a store that refuses so often is broken. */
const ROUNDS = 5;
const COME_BACK_MS = 1_000;

/** What {@linkcode Logins} needs. */
export interface LoginsOptions {
  /** Keeps what Feishu issues. */
  readonly pairs: DurablePairs;
  /** Where the records are. */
  readonly store: RecordStore;
  /** Tells when a login is. */
  readonly clock: Clock;
}

/** What a login brings, without its place in the order of records. */
export type LoginPair = Omit<TokenRecord, "login" | "gen">;

/** How a record that rotates in place begins and ends. Needs no lease: the order of records decides. */
export class Logins {
  readonly #options: LoginsOptions;

  /** On one store. */
  constructor(options: LoginsOptions) {
    this.#options = options;
  }

  /**
   * Keeps the pair of a user who has just authorized the app: above whatever the store holds of earlier logins, so that a
   * rotation of one of those that is still on its way cannot replace it.
   */
  async login(ref: RecordRef, pair: LoginPair): Promise<{ record: TokenRecord; durable: boolean }> {
    const { pairs, clock } = this.#options;
    const before = await pairs.read(ref).catch((error: unknown) => {
      // The code of the authorization is spent: what it brought is kept in memory and journal until the store is back.
      if (error instanceof TokenError && error.code === "store_unavailable") return null;
      throw error;
    });
    const stored = before?.token.value ?? null;
    const record: TokenRecord = {
      ...pair,
      login: Math.max(clock.now(), (stored?.login ?? 0) + 1),
      gen: (stored?.gen ?? 0) + 1,
    };
    return { record, durable: await pairs.keep(ref, record, before, true) !== "in memory" };
  }

  /**
   * Ends the login: a tombstone takes its place, `check(token)`, and status and spare go with it.
   *
   * @returns whether there was a login.
   * @throws TokenError `store_unavailable` when it cannot be written.
   */
  async logout(ref: RecordRef): Promise<boolean> {
    const { pairs, store, clock } = this.#options;
    for (let round = 0; round < ROUNDS; round++) {
      const { token, isUnstored } = await pairs.read(ref);
      const stored = token.value;
      if (stored === null) return false;
      if (isTombstone(stored)) {
        await pairs.forget(ref, stored);
        return round > 0;
      }
      if (isUnstored) break;
      const ended: Tombstone = { login: stored.login, gen: stored.gen, endedAtMs: clock.now() };
      const outcome = await store.write(ref.name, {
        check: { token: token.version },
        set: { token: ended },
        remove: ["status", "spare"],
        deadlineMs: COMMIT_DEADLINE_MS,
      });
      if (outcome.kind !== "ok") continue;
      await pairs.forget(ref, ended);
      return true;
    }
    throw new TokenError("store_unavailable", { retryAfterMs: COME_BACK_MS });
  }
}
