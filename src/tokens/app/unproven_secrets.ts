import { TokenError } from "../../errors/token_error.ts";
import type { Clock } from "../../ports/clock.ts";
import type { AppCredentials, FeishuAnswer } from "../../ports/feishu.ts";
import { networkOf } from "../../net/network_of.ts";
import { TIME_IS_UP, within } from "../../concurrency/within.ts";
import { MEMORY_RECORDS } from "../renewal/memory_records.ts";
import { LruMap } from "../../concurrency/lru_map.ts";
import { renewalInProgress } from "../renewal/renewal_in_progress.ts";
import { COOL_DOWN_FIRST_MS, COOL_DOWN_MAX_MS, errorOf } from "../renewal/failure_marks.ts";

/** Refusals remembered per process. Fewer than records: each holds an error with its stack, some 10 KiB. */
export const REFUSALS_REMEMBERED = 1_000;
/** Unproven secrets that are put before Feishu at a time, of one app id and address. */
const UNPROVEN_AT_ONCE = 2;
/** Longest wait of such a secret for its turn. */
const UNPROVEN_WAIT_MS = 10_000;
/** A secret that Feishu has accepted need not wait for this long. */
const ACCEPTED_SECRET_MS = 24 * 3_600_000;
/** A secret that a caller has brought and Feishu has refused is not sent again for this long. */
const REFUSED_SECRET_MS = 60_000;

/**
 * Secrets that callers bring and that Feishu has not accepted within a day: they may be made up. Few of them are put
 * before Feishu at a time, in the order in which they came, and after a failure none for a while. Each app id and address
 * has a queue of its own, so that nobody waits for what a stranger sends from elsewhere.
 */
export class UnprovenSecrets {
  readonly #clock: Clock;
  readonly #stopping: AbortSignal;
  /** By fingerprint, when Feishu has accepted it, by the monotonic clock in milliseconds. */
  readonly #acceptedAtMs = new LruMap<number>(MEMORY_RECORDS);
  readonly #refused = new LruMap<{ readonly error: TokenError; readonly untilMs: number }>(
    REFUSALS_REMEMBERED,
  );
  /** By app id and address; only those that are in use. */
  readonly #queues = new Map<string, Queue>();
  /** Whose wait has ended since Feishu has judged the secret, not since the turn has come. */
  readonly #woken = new WeakSet<Waiting>();
  /** By app id and address. */
  readonly #failures = new LruMap<Failures>(MEMORY_RECORDS);

  /** For one process, until it is about to end. */
  constructor(clock: Clock, stopping: AbortSignal) {
    this.#clock = clock;
    this.#stopping = stopping;
  }

  /**
   * Waits until the secret of `attempt` may be put before Feishu; at once where it is known to be good or is the server's own.
   *
   * @param acceptedMsAgo how long ago Feishu has accepted it as far as the store knows; `undefined` where it does not.
   * @throws TokenError Feishu's refusal of this very secret, a short while ago; `too_many_unproven_secrets` where too many
   * others of the same address are before it, or have just failed.
   */
  async begin(attempt: SecretAttempt, acceptedMsAgo?: number): Promise<EndAttempt> {
    const { credentials, secretFp } = attempt;
    if (credentials.isBrought !== true) return () => {};
    const key = queueKey(attempt);
    this.#throwIfRefused(secretFp);
    if (acceptedMsAgo !== undefined && acceptedMsAgo < ACCEPTED_SECRET_MS) {
      return (answer) => this.#learn(key, secretFp, answer);
    }
    const untilMs = this.#clock.monotonic() + UNPROVEN_WAIT_MS;
    const hasTurn = await this.#takeTurn(key, secretFp, untilMs);
    let isOver = false;
    return (answer) => {
      if (isOver) return;
      isOver = true;
      this.#learn(key, secretFp, answer);
      if (hasTurn) this.#leave(key);
    };
  }

  #throwIfRefused(secretFp: string): void {
    const refused = this.#refused.get(secretFp);
    if (refused !== undefined && refused.untilMs > this.#clock.monotonic()) throw refused.error;
  }

  #isAccepted(secretFp: string): boolean {
    return this.#clock.monotonic() - (this.#acceptedAtMs.get(secretFp) ?? -Infinity) < ACCEPTED_SECRET_MS;
  }

  /** Notes that Feishu has accepted the secret `secretFp` so long ago, as a record says: then it does not wait. */
  noteAccepted(secretFp: string, msAgo: number): void {
    const atMs = this.#clock.monotonic() - msAgo;
    if (atMs > (this.#acceptedAtMs.get(secretFp) ?? -Infinity)) this.#acceptedAtMs.set(secretFp, atMs);
  }

  #learn(key: string, secretFp: string, answer: FeishuAnswer | undefined): void {
    if (answer === undefined) return;
    const now = this.#clock.monotonic();
    if (answer.kind === "issued") {
      this.#failures.delete(key);
      this.#acceptedAtMs.set(secretFp, now);
      return this.#wake(key, secretFp);
    }
    const error = errorOf(answer);
    const isRefused = error.code === "credentials_refused";
    // An outage, or what Feishu says of the app or of the token that came with it, says nothing of the secret. A limit
    // that a good secret has run into is nothing to hold others back for.
    if (!isRefused && (error.row.kind !== "rate" || this.#isAccepted(secretFp))) return;
    if (isRefused) {
      this.#acceptedAtMs.delete(secretFp);
      this.#refused.set(secretFp, { error, untilMs: now + REFUSED_SECRET_MS });
    }
    const count = (this.#failures.get(key)?.count ?? 0) + 1;
    const pauseMs = Math.min(COOL_DOWN_FIRST_MS * 2 ** (count - 1), COOL_DOWN_MAX_MS);
    this.#failures.set(key, { count, untilMs: now + pauseMs });
    if (isRefused) this.#wake(key, secretFp);
  }

  /** Waits for a turn, and through the pause after a failure; whether there is a turn to hand on. */
  async #takeTurn(key: string, secretFp: string, untilMs: number): Promise<boolean> {
    if (this.#isAccepted(secretFp)) return false;
    this.#mayPass(key, untilMs);
    const queue = this.#queues.get(key) ?? { underWay: 0, waiting: [] };
    this.#queues.set(key, queue);
    if (queue.underWay < UNPROVEN_AT_ONCE) queue.underWay++;
    else if (!await this.#wait(key, queue, secretFp, untilMs)) return false;
    try {
      // Those before it may have failed, or have told what this very secret is worth.
      for (let leftMs; (leftMs = this.#leftOfPause(key, secretFp, untilMs)) > 0;) {
        await this.#clock.sleep(leftMs, this.#stopping);
      }
      return true;
    } catch (error) {
      this.#leave(key);
      throw error instanceof TokenError ? error : renewalInProgress(undefined, error);
    }
  }

  /** Whether its turn has come; else Feishu has accepted the secret meanwhile, from somebody before it. */
  async #wait(key: string, queue: Queue, secretFp: string, untilMs: number): Promise<boolean> {
    const turn = Promise.withResolvers<void>();
    const waiting: Waiting = { secretFp, go: turn.resolve };
    queue.waiting.push(waiting);
    try {
      const leftMs = untilMs - this.#clock.monotonic();
      if (await within(this.#clock, leftMs, turn.promise, this.#stopping) === TIME_IS_UP) {
        throw tooMany(COOL_DOWN_FIRST_MS);
      }
    } catch (error) {
      const place = queue.waiting.indexOf(waiting);
      // Its turn may have come in this very moment.
      if (place >= 0) queue.waiting.splice(place, 1);
      else if (!this.#woken.has(waiting)) this.#leave(key);
      throw error instanceof TokenError ? error : renewalInProgress(undefined, error);
    }
    if (this.#woken.delete(waiting)) {
      this.#throwIfRefused(secretFp);
      return false;
    }
    return true;
  }

  /** Ends the waits of all who brought the very secret that Feishu has just judged. */
  #wake(key: string, secretFp: string): void {
    const queue = this.#queues.get(key);
    if (queue === undefined) return;
    const [same, others] = [
      queue.waiting.filter((each) => each.secretFp === secretFp),
      queue.waiting.filter((each) => each.secretFp !== secretFp),
    ];
    queue.waiting = others;
    for (const each of same) {
      this.#woken.add(each);
      each.go();
    }
  }

  #leftOfPause(key: string, secretFp: string, untilMs: number): number {
    this.#throwIfRefused(secretFp);
    return this.#isAccepted(secretFp) ? 0 : this.#mayPass(key, untilMs);
  }

  /** How long the pause after the last failure still is, in milliseconds. */
  #mayPass(key: string, untilMs: number): number {
    const pausesUntilMs = this.#failures.get(key)?.untilMs ?? 0;
    const leftMs = pausesUntilMs - this.#clock.monotonic();
    if (pausesUntilMs > untilMs) throw tooMany(leftMs);
    return leftMs;
  }

  /** Hands its turn on. */
  #leave(key: string): void {
    const queue = this.#queues.get(key);
    if (queue === undefined) return;
    const next = queue.waiting.shift();
    if (next !== undefined) return next.go();
    queue.underWay--;
    if (queue.underWay === 0) this.#queues.delete(key);
  }
}

/** A secret on its way to Feishu. */
export interface SecretAttempt {
  /** The app, and the secret that came with the call. */
  readonly credentials: AppCredentials;
  /** Fingerprint of the secret. */
  readonly secretFp: string;
  /** IP address of the caller; `undefined` where nobody calls over a network. */
  readonly address: string | undefined;
}

/** Ends an attempt: the next one that waits may begin. Told of Feishu's answer, where there was one. */
export type EndAttempt = (answer?: FeishuAnswer) => void;

interface Waiting {
  readonly secretFp: string;
  /** Ends the wait: its turn has come, or nothing keeps this secret any more. */
  readonly go: () => void;
}

interface Queue {
  underWay: number;
  /** In the order in which they came. */
  waiting: Waiting[];
}

interface Failures {
  readonly count: number;
  /** No further attempt before, by the monotonic clock in milliseconds. */
  readonly untilMs: number;
}

/** An IPv6 network of 64 bits is one caller's: there are as many addresses in it as he likes. */
function queueKey({ credentials: { brand, appId }, address }: SecretAttempt): string {
  return JSON.stringify([brand, appId, address === undefined ? undefined : networkOf(address)]);
}

function tooMany(retryAfterMs: number): TokenError {
  return new TokenError("too_many_unproven_secrets", { retryAfterMs });
}
