import { Buffer } from "node:buffer";
import * as z from "zod";
import { TokenError } from "../errors/token_error.ts";
import { LruMap } from "../concurrency/lru_map.ts";
import type { Clock } from "../ports/clock.ts";
import type { Liveness } from "../ports/liveness.ts";
import type { Random } from "../ports/random.ts";
import type { SealedChange } from "../ports/sealed_change.ts";
import type { SealedValues, ValueForm } from "../ports/sealed_values.ts";
import type { WriteOutcome } from "../ports/store.ts";

const GATE_NONCE_BYTES = 12;
/** Life of a closed gate, in milliseconds, counted by the process that meets it: longer than a revocation takes. */
const GATE_LIFE_MS = 40_000;
/** A closed gate that is older than this by its own time, in milliseconds, is over for processes that live shorter. */
const GATE_ABANDONED_MS = 5 * 60_000;
const GATE_DEADLINE_MS = 5_000;
const REMEMBERED_GATES = 1_000;
const NOT_NOTED_COME_BACK_MS = 1_000;

const gateSchema = z.object({
  nonce: z.string(),
  isClosed: z.boolean(),
  machine: z.string(),
  process: z.string(),
  atMs: z.number(),
});

/** The gate of one app: closed while a token is being revoked. Each write has a nonce of its own. */
export interface Gate {
  /** A new one for each write. */
  readonly nonce: string;
  /** Whether no code of the app may be presented. */
  readonly isClosed: boolean;
  /** Random id of the machine of the process that wrote it. */
  readonly machine: string;
  /** Random id of that process. */
  readonly process: string;
  /** When it was written, Unix milliseconds. */
  readonly atMs: number;
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
  readonly #options: AppGatesOptions;
  /** By app, the closed gate that this process has seen, and since when by the monotonic clock in milliseconds. */
  readonly #seen = new LruMap<{ readonly version: string; readonly sinceMs: number }>(REMEMBERED_GATES);

  /** On the sealed values of the namespace `gate`. */
  constructor(values: SealedValues<Gate>, options: AppGatesOptions) {
    this.#values = values;
    this.#options = options;
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
   * @throws TokenError `store_unavailable` also where the note was not taken.
   */
  async noteLogin(app: string): Promise<void> {
    const { isClosed, version } = await this.#look(app);
    // The login waits for a closed gate instead.
    if (isClosed || (await this.#put(app, version, false)).kind === "ok") return;
    // Where the gate has changed, a login has been noted, or the gate was closed and the login waits for it.
    if ((await this.#look(app)).version === version) throw notNoted();
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
    const outcome = await this.#put(app, version, true);
    // Where it may have landed all the same, every process waits out its life.
    if (outcome.kind !== "ok") return null;
    try {
      return await work();
    } finally {
      // Not removed: a gate that is absent again would look to another revocation as it did before.
      await this.#put(app, outcome.version, false);
    }
  }

  /**
   * The gate. A closed one counts until its process is dead, if that is of this machine, or until this process has seen
   * the same version of it for longer than its life.
   */
  async #look(app: string): Promise<{ readonly isClosed: boolean; readonly version: string | null }> {
    const { clock, owner, liveness } = this.#options;
    const { value, version } = await this.#values.get(app);
    if (value === null || version === null || !value.isClosed) return { isClosed: false, version };
    const isOther = value.machine === owner.machine && value.process !== owner.process;
    if (isOther && !await liveness.isAlive(value.process)) return { isClosed: false, version };
    if (clock.now() - value.atMs > GATE_ABANDONED_MS) return { isClosed: false, version };
    let seen = this.#seen.get(app);
    if (seen === undefined || seen.version !== version) {
      seen = { version, sinceMs: clock.monotonic() };
      this.#seen.set(app, seen);
    }
    return { isClosed: clock.monotonic() - seen.sinceMs < GATE_LIFE_MS, version };
  }

  async #put(app: string, check: string | null, isClosed: boolean): Promise<WriteOutcome> {
    const { clock, random, owner: { machine, process } } = this.#options;
    const nonce = Buffer.from(random.bytes(GATE_NONCE_BYTES)).toString("base64url");
    const gate: Gate = { nonce, isClosed, machine, process, atMs: clock.now() };
    // Without an end: for a clock that is ahead it would be open before its time.
    return await this.#values.put(app, gate, { check, endsAtMs: null, deadlineMs: GATE_DEADLINE_MS });
  }
}

/** What {@linkcode AppGates} needs. */
export interface AppGatesOptions {
  /** Bounds the life of a closed gate. */
  readonly clock: Clock;
  /** Nonces. */
  readonly random: Random;
  /** This process. */
  readonly owner: { readonly machine: string; readonly process: string };
  /** Tells which other processes of this machine live. */
  readonly liveness: Liveness;
}

function notNoted(): TokenError {
  return new TokenError("store_unavailable", { retryAfterMs: NOT_NOTED_COME_BACK_MS });
}
