import { TokenError } from "../../errors/token_error.ts";
import type { Clock } from "../../ports/clock.ts";
import type { AppCredentials, FeishuAnswer } from "../../ports/feishu.ts";
import { networkOf } from "../../net/network_of.ts";
import { TIME_IS_UP, within } from "../../concurrency/within.ts";
import { MEMORY_RECORDS } from "../renewal/memory_records.ts";
import { LruMap } from "../../concurrency/lru_map.ts";
import { renewalInProgress } from "../renewal/renewal_in_progress.ts";
import { COOL_DOWN_FIRST_MS, COOL_DOWN_MAX_MS, errorOf } from "../renewal/failure_marks.ts";

/** Refusals that a process remembers: fewer than records, since each holds an error with its stack, some 10 KiB. */
export const REFUSALS_REMEMBERED = 1_000;
/** Unproven secrets of one app id and address that are sent to Feishu at the same time. */
const UNPROVEN_AT_ONCE = 2;
/** Longest wait of an unproven secret for its turn. */
const UNPROVEN_WAIT_MS = 10_000;
/** For this long a secret that Feishu has accepted need not wait. */
const ACCEPTED_SECRET_MS = 24 * 3_600_000;
/** For this long a caller's secret that Feishu has refused is not sent again. */
const REFUSED_SECRET_MS = 60_000;

/**
 * Queues secrets that callers bring and that Feishu has not accepted within a day, because they may be made up. A few of
 * them are sent to Feishu at a time, in the order in which they came; after a failure none for a while. Each app id and
 * address has its own queue, so that a caller does not wait for the secrets of a stranger elsewhere.
 */
export class UnprovenSecrets {
  readonly #clock: Clock;
  readonly #stopping: AbortSignal;
  /** By fingerprint, when Feishu accepted the secret, by the monotonic clock in milliseconds. */
  readonly #acceptedAtMs = new LruMap<number>(MEMORY_RECORDS);
  readonly #refused = new LruMap<{ readonly error: TokenError; readonly untilMs: number }>(
    REFUSALS_REMEMBERED,
  );
  /** By app id and address, the queues in use. */
  readonly #queues = new Map<string, Queue>();
  /** Waits that ended because Feishu accepted or refused the secret, not because the turn came. */
  readonly #woken = new WeakSet<Waiting>();
  /** By app id and address, the failures in a row. */
  readonly #failures = new LruMap<Failures>(MEMORY_RECORDS);

  /** For one process, until it is about to end. */
  constructor(clock: Clock, stopping: AbortSignal) {
    this.#clock = clock;
    this.#stopping = stopping;
  }

  /**
   * Waits until the secret of `attempt` may be sent to Feishu. A secret that is known to be good, or the server's own, does
   * not wait.
   *
   * @param acceptedMsAgo how long ago Feishu accepted it, in milliseconds; `undefined` where no record tells.
   * @throws TokenError Feishu's refusal of this same secret a short while ago; `too_many_unproven_secrets` if too many others
   * of the same address wait before it, or have just failed.
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

  /** Notes that Feishu accepted the secret `secretFp` `msAgo` milliseconds ago, as a record says: it need not wait then. */
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
    // An outage says nothing about the secret; neither does a refusal of the app or of the token that came with it. A rate
    // limit that an accepted secret has reached is no reason to delay the others.
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

  /** Waits for a turn, then for the pause after a failure to end. Returns whether there is a turn to pass on. */
  async #takeTurn(key: string, secretFp: string, untilMs: number): Promise<boolean> {
    if (this.#isAccepted(secretFp)) return false;
    this.#leftOfPause(key, untilMs);
    const queue = this.#queues.get(key) ?? { inProgress: 0, waiting: [] };
    this.#queues.set(key, queue);
    if (queue.inProgress < UNPROVEN_AT_ONCE) queue.inProgress++;
    else if (!await this.#wait(key, queue, secretFp, untilMs)) return false;
    try {
      // An attempt before this one may have failed, or have shown whether this same secret is good.
      for (let leftMs; (leftMs = this.#leftToWait(key, secretFp, untilMs)) > 0;) {
        await this.#clock.sleep(leftMs, this.#stopping);
      }
      return true;
    } catch (error) {
      this.#leave(key);
      throw error instanceof TokenError ? error : renewalInProgress(undefined, error);
    }
  }

  /** Returns `true` when its turn comes; `false` when Feishu accepts the secret in an earlier attempt meanwhile. */
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
      // No longer in the queue: its turn has come at this same moment.
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

  /** Ends the waits for a secret that Feishu has just accepted or refused. */
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

  #leftToWait(key: string, secretFp: string, untilMs: number): number {
    this.#throwIfRefused(secretFp);
    return this.#isAccepted(secretFp) ? 0 : this.#leftOfPause(key, untilMs);
  }

  /**
   * What is left of the pause after the last failure, in milliseconds.
   *
   * @throws TokenError `too_many_unproven_secrets` where the pause ends after `untilMs`.
   */
  #leftOfPause(key: string, untilMs: number): number {
    const pausesUntilMs = this.#failures.get(key)?.untilMs ?? 0;
    const leftMs = pausesUntilMs - this.#clock.monotonic();
    if (pausesUntilMs > untilMs) throw tooMany(leftMs);
    return leftMs;
  }

  /** Passes the turn on. */
  #leave(key: string): void {
    const queue = this.#queues.get(key);
    if (queue === undefined) return;
    const next = queue.waiting.shift();
    if (next !== undefined) return next.go();
    queue.inProgress--;
    if (queue.inProgress === 0) this.#queues.delete(key);
  }
}

/** A secret that is to be sent to Feishu. */
export interface SecretAttempt {
  /** The app, and the secret that came with the call. */
  readonly credentials: AppCredentials;
  /** Fingerprint of the secret. */
  readonly secretFp: string;
  /** IP address of the caller; `undefined` over stdio and for commands. */
  readonly address: string | undefined;
}

/** Ends an attempt, so that the next one may begin. Takes Feishu's answer, if there was one. */
export type EndAttempt = (answer?: FeishuAnswer) => void;

interface Waiting {
  readonly secretFp: string;
  /** Ends the wait: its turn has come, or the secret has been accepted or refused. */
  readonly go: () => void;
}

interface Queue {
  inProgress: number;
  /** In the order in which they came. */
  waiting: Waiting[];
}

interface Failures {
  readonly count: number;
  /** No attempt begins before this, by the monotonic clock in milliseconds. */
  readonly untilMs: number;
}

/** An IPv6 network of 64 bits shares a queue: one caller can use any address in it. */
function queueKey({ credentials: { brand, appId }, address }: SecretAttempt): string {
  return JSON.stringify([brand, appId, address === undefined ? undefined : networkOf(address)]);
}

function tooMany(retryAfterMs: number): TokenError {
  return new TokenError("too_many_unproven_secrets", { retryAfterMs });
}
