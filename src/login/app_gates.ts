import { Buffer } from "node:buffer";
import * as z from "zod";
import { LruMap } from "../concurrency/lru_map.ts";
import type { Clock } from "../ports/clock.ts";
import type { Random } from "../ports/random.ts";
import type { SealedChange } from "../ports/sealed_change.ts";
import type { SealedValues, ValueForm } from "../ports/sealed_values.ts";

const GATE_NONCE_BYTES = 12;
/** Life of a gate, in milliseconds, counted by whoever meets it: longer than a revocation takes. */
const GATE_LIFE_MS = 40_000;
/** How long the note that a login has started is kept. Afterwards the login itself has ended. */
const GATE_KEPT_MS = 24 * 60 * 60 * 1_000;
const GATE_DEADLINE_MS = 5_000;
const REMEMBERED_GATES = 1_000;

const gateSchema = z.object({ nonce: z.string(), isClosed: z.boolean() });

/** The gate of one app: closed while a token is being revoked. Each write has a nonce of its own. */
export interface Gate {
  /** A new one for each write. */
  readonly nonce: string;
  /** Whether no code of the app may be presented. */
  readonly isClosed: boolean;
}

/** The namespace of the gates among the sealed values of a store, and their form. */
export const GATE_VALUES: ValueForm<Gate> = {
  namespace: "gate",
  encode: (gate) => gate,
  decode: (stored) => gateSchema.parse(stored),
};

/**
 * Keeps a revocation at Feishu apart from the logins of the same app, since it is not known which tokens a revocation
 * ends besides the one presented. While the gate is closed no code of the app is presented; a login that starts makes
 * the closing fail that has not seen it.
 *
 * @see `docs/renewal.md`, "Revocation"
 */
export class AppGates {
  readonly #values: SealedValues<Gate>;
  readonly #clock: Clock;
  readonly #random: Random;
  /** By app, the closed gate that this process has seen, and since when by the monotonic clock in milliseconds. */
  readonly #seen = new LruMap<{ readonly version: string; readonly sinceMs: number }>(REMEMBERED_GATES);

  /** On the sealed values of the namespace `gate`. */
  constructor(
    values: SealedValues<Gate>,
    { clock, random }: { readonly clock: Clock; readonly random: Random },
  ) {
    this.#values = values;
    this.#clock = clock;
    this.#random = random;
  }

  /**
   * The condition under which a code of the app may be presented; `null` while the gate is closed.
   *
   * @throws TokenError `store_unavailable`.
   */
  async passage(app: string): Promise<SealedChange | null> {
    const { isClosed, version } = await this.#look(app);
    return isClosed ? null : await this.#values.unchanged(app, version);
  }

  /**
   * Notes that a login of the app has started and is stored: a gate that is about to be closed without having seen it
   * stays open.
   *
   * @throws TokenError `store_unavailable`.
   */
  async noteLogin(app: string): Promise<void> {
    const { isClosed, version } = await this.#look(app);
    // The login waits for a closed gate instead. Where the write fails, another process has changed the gate: a login
    // has been noted, or the gate was closed and the login waits for it.
    if (isClosed) return;
    const noted = { nonce: this.#nonce(), isClosed: false };
    await this.#values.put(app, noted, {
      check: version,
      endsAtMs: this.#clock.now() + GATE_KEPT_MS,
      deadlineMs: GATE_DEADLINE_MS,
    });
  }

  /**
   * Closes the gate of an app while `work` runs, unless `mayClose`, asked in between, says no.
   *
   * @returns what `work` returns; `null` where the gate was not closed.
   * @throws TokenError `store_unavailable`.
   */
  async whileClosed<T>(
    app: string,
    mayClose: () => Promise<boolean>,
    work: () => Promise<T>,
  ): Promise<T | null> {
    const { isClosed, version } = await this.#look(app);
    if (isClosed || !await mayClose()) return null;
    const outcome = await this.#values.put(app, { nonce: this.#nonce(), isClosed: true }, {
      check: version,
      endsAtMs: this.#clock.now() + GATE_KEPT_MS,
      deadlineMs: GATE_DEADLINE_MS,
    });
    // Where it may have landed all the same, every process waits out its life.
    if (outcome.kind !== "ok") return null;
    try {
      return await work();
    } finally {
      await this.#values.remove(app, { check: outcome.version, deadlineMs: GATE_DEADLINE_MS });
    }
  }

  /** The gate. A closed one counts until this process has seen the same version of it for longer than its life. */
  async #look(app: string): Promise<{ readonly isClosed: boolean; readonly version: string | null }> {
    const { value, version } = await this.#values.get(app);
    if (value === null || version === null || !value.isClosed) return { isClosed: false, version };
    let seen = this.#seen.get(app);
    if (seen === undefined || seen.version !== version) {
      seen = { version, sinceMs: this.#clock.monotonic() };
      this.#seen.set(app, seen);
    }
    return { isClosed: this.#clock.monotonic() - seen.sinceMs < GATE_LIFE_MS, version };
  }

  #nonce(): string {
    return Buffer.from(this.#random.bytes(GATE_NONCE_BYTES)).toString("base64url");
  }
}
