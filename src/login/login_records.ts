import { Buffer } from "node:buffer";
import { TokenError } from "../errors/token_error.ts";
import type { Clock } from "../ports/clock.ts";
import type { Random } from "../ports/random.ts";
import type { SealedChange } from "../ports/sealed_change.ts";
import type { SealedValues } from "../ports/sealed_values.ts";
import type { Versioned } from "../ports/store.ts";
import { Secret } from "../secret.ts";
import { DAY_MS } from "../tokens/grants/grant_view.ts";
import { isFinal, type LoginRecord } from "./login_record.ts";

/** 128 bits: nobody finds a handle by guessing. */
const HANDLE_BYTES = 16;
/** How long the outcome of a login is told. */
const KEPT_MS = DAY_MS;
/**
 * How long a login is kept that has no outcome, or whose pair is not destroyed yet: longer than the refresh token lives that
 * it may have brought, which no other record leads to.
 */
const UNFINISHED_KEPT_MS = 31 * DAY_MS;
const LOGIN_DEADLINE_MS = 5_000;
/** Attempts to change a login. Another process that makes the same step makes one fail. */
const CHANGE_ROUNDS = 8;
const STORE_COME_BACK_MS = 1_000;

/** The logins of a store. Each change is a compare-and-set, since every process may take every step. */
export class LoginRecords {
  readonly #values: SealedValues<LoginRecord>;
  readonly #clock: Clock;
  readonly #random: Random;

  /** On the sealed values of the namespace `login`. */
  constructor(
    values: SealedValues<LoginRecord>,
    { clock, random }: { readonly clock: Clock; readonly random: Random },
  ) {
    this.#values = values;
    this.#clock = clock;
    this.#random = random;
  }

  /** A new handle. It does not begin like a flag, since a command line takes it as an argument. */
  newId(): Secret {
    for (;;) {
      const handle = Buffer.from(this.#random.bytes(HANDLE_BYTES)).toString("base64url");
      if (!handle.startsWith("-")) return new Secret(handle);
    }
  }

  /**
   * The login with this handle.
   *
   * @throws TokenError `store_unavailable` or `store_unreadable`.
   */
  async get(id: Secret): Promise<Versioned<LoginRecord>> {
    return await this.#values.get(id.reveal());
  }

  /**
   * Every login that is not forgotten yet. One that does not open is skipped.
   *
   * @throws TokenError `store_unavailable`.
   */
  async all(): Promise<readonly LoginRecord[]> {
    return await Array.fromAsync(this.#values.list(() => {}), ({ value }) => value);
  }

  /**
   * Stores a new login.
   *
   * @throws TokenError `store_unavailable` when it was not seen stored.
   */
  async create(login: LoginRecord): Promise<void> {
    const outcome = await this.#values.put(login.id.reveal(), login, {
      check: null,
      ...this.#options(login),
    });
    if (outcome.kind === "ok") return;
    // A failed write may still have landed.
    if ((await this.get(login.id)).value === null) {
      throw new TokenError("store_unavailable", { retryAfterMs: STORE_COME_BACK_MS });
    }
  }

  /**
   * Changes a login. `step` may run several times; where it returns what it was given, nothing is written.
   *
   * @returns the login afterwards; `null` where there is none.
   * @throws TokenError `store_unavailable` or `store_unreadable`.
   */
  async change(id: Secret, step: (login: LoginRecord) => LoginRecord): Promise<LoginRecord | null> {
    for (let round = 0; round < CHANGE_ROUNDS; round++) {
      const { value, version } = await this.get(id);
      if (value === null || version === null) return null;
      const before = value.began === undefined ? { ...value, began: version } : value;
      const after = step(before);
      if (after === before) return before;
      const options = { check: version, ...this.#options(after) };
      const outcome = await this.#values.put(id.reveal(), after, options);
      if (outcome.kind === "ok") return after;
      // A step is made once: where it landed although the write failed, the next round finds nothing to do.
    }
    throw new TokenError("store_unavailable", { retryAfterMs: STORE_COME_BACK_MS });
  }

  /**
   * The write of a changed login, for the atomic write of another record. It has a condition: the login still has
   * `version`.
   */
  async changed(login: LoginRecord, version: string): Promise<readonly SealedChange[]> {
    const id = login.id.reveal();
    return [
      await this.#values.unchanged(id, version),
      await this.#values.change(id, login, this.#options(login).endsAtMs),
    ];
  }

  #options(login: LoginRecord): { endsAtMs: number; deadlineMs: number } {
    const { expiresAtMs, changedAtMs, isCleared } = login;
    const keptMs = isFinal(login) && isCleared ? KEPT_MS : UNFINISHED_KEPT_MS;
    const endsAtMs = Math.max(expiresAtMs, changedAtMs, this.#clock.now()) + keptMs;
    return { endsAtMs, deadlineMs: LOGIN_DEADLINE_MS };
  }
}
