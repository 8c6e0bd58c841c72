import { TokenError } from "../errors/token_error.ts";
import type { Clock } from "../ports/clock.ts";
import type { AppCredentials, FeishuAnswer, Verdict } from "../ports/feishu.ts";
import { TIME_IS_UP, within } from "../time/within.ts";
import {
  ACCEPTED_SECRET_MS,
  COOL_DOWN_FIRST_MS,
  COOL_DOWN_MAX_MS,
  MEMORY_RECORDS,
  REFUSAL_MEMORY_MS,
  REFUSALS_REMEMBERED,
  REFUSED_SECRET_MS,
  UNPROVEN_AT_ONCE,
  UNPROVEN_WAIT_MS,
} from "./constants.ts";
import { RecentlyUsed } from "./recently_used.ts";
import { renewalInProgress } from "./renewal_in_progress.ts";
import { errorOf } from "./verdicts.ts";

/** What Feishu says of the token that was presented with a secret. */
const OF_THE_TOKEN: ReadonlySet<Verdict> = new Set(["ambiguous", "permanent", "wrong_endpoint"]);

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

interface Queue {
  underWay: number;
  /** In the order in which they came. */
  readonly waiting: (() => void)[];
}

interface Failures {
  readonly count: number;
  /** No further attempt before, by the monotonic clock in milliseconds. */
  readonly untilMs: number;
}

/**
 * Secrets that callers bring and that Feishu has not accepted within a day: they may be made up. Few of them are put
 * before Feishu at a time, in the order in which they came, and after a failure none for a while. Each app id and address
 * has a queue of its own, so that nobody waits for what a stranger sends from elsewhere.
 */
export class UnprovenSecrets {
  readonly #clock: Clock;
  readonly #stopping: AbortSignal;
  /** By fingerprint, when Feishu has accepted it, by the monotonic clock in milliseconds. */
  readonly #acceptedAtMs = new RecentlyUsed<number>(MEMORY_RECORDS);
  readonly #refused = new RecentlyUsed<{ readonly error: TokenError; readonly untilMs: number }>(
    REFUSALS_REMEMBERED,
  );
  /** By app id and address; only those that are in use. */
  readonly #queues = new Map<string, Queue>();
  /** By app id and address. */
  readonly #failures = new RecentlyUsed<Failures>(MEMORY_RECORDS);

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
    const { credentials, secretFp, address } = attempt;
    if (credentials.isBrought !== true) return () => {};
    if (acceptedMsAgo !== undefined && acceptedMsAgo < ACCEPTED_SECRET_MS) return () => {};
    const now = this.#clock.monotonic();
    if (now - (this.#acceptedAtMs.get(secretFp) ?? -Infinity) < ACCEPTED_SECRET_MS) return () => {};
    const refused = this.#refused.get(secretFp);
    if (refused !== undefined && refused.untilMs > now) throw refused.error;
    const key = JSON.stringify([credentials.brand, credentials.appId, address]);
    const untilMs = now + UNPROVEN_WAIT_MS;
    this.#mayPass(key, untilMs);
    await this.#takeTurn(key, untilMs);
    await this.#waitOutFailures(key, untilMs);
    let isOver = false;
    return (answer) => {
      if (isOver) return;
      isOver = true;
      this.#leave(key);
      if (answer !== undefined) this.#learn(key, secretFp, answer);
    };
  }

  /** Notes that Feishu has accepted the secret `secretFp` so long ago, as a record says: then it does not wait. */
  noteAccepted(secretFp: string, msAgo: number): void {
    const atMs = this.#clock.monotonic() - msAgo;
    if (atMs > (this.#acceptedAtMs.get(secretFp) ?? -Infinity)) this.#acceptedAtMs.set(secretFp, atMs);
  }

  #learn(key: string, secretFp: string, answer: FeishuAnswer): void {
    const now = this.#clock.monotonic();
    if (answer.kind === "issued") {
      this.#failures.delete(key);
      this.#acceptedAtMs.set(secretFp, now);
      return;
    }
    // That of a token says nothing of the secret.
    if (answer.kind === "refused" && OF_THE_TOKEN.has(answer.refusal.verdict)) return;
    const error = errorOf(answer);
    if (error.row.kind === "config") {
      const keptMs = error.code === "credentials_refused" ? REFUSED_SECRET_MS : REFUSAL_MEMORY_MS;
      this.#refused.set(secretFp, { error, untilMs: now + keptMs });
    }
    const count = (this.#failures.get(key)?.count ?? 0) + 1;
    const pauseMs = Math.min(COOL_DOWN_FIRST_MS * 2 ** (count - 1), COOL_DOWN_MAX_MS);
    this.#failures.set(key, { count, untilMs: now + pauseMs });
  }

  async #takeTurn(key: string, untilMs: number): Promise<void> {
    const queue = this.#queues.get(key) ?? { underWay: 0, waiting: [] };
    this.#queues.set(key, queue);
    if (queue.underWay < UNPROVEN_AT_ONCE) {
      queue.underWay++;
      return;
    }
    const turn = Promise.withResolvers<void>();
    queue.waiting.push(turn.resolve);
    try {
      const leftMs = untilMs - this.#clock.monotonic();
      if (await within(this.#clock, leftMs, turn.promise, this.#stopping) !== TIME_IS_UP) return;
    } catch (error) {
      this.#giveUp(key, queue, turn.resolve);
      throw renewalInProgress(undefined, error);
    }
    this.#giveUp(key, queue, turn.resolve);
    throw tooMany(COOL_DOWN_FIRST_MS);
  }

  #giveUp(key: string, queue: Queue, turn: () => void): void {
    const place = queue.waiting.indexOf(turn);
    // Its turn may have come in this very moment.
    if (place < 0) this.#leave(key);
    else queue.waiting.splice(place, 1);
  }

  /** Those before it may fail while it waits: all that the address has sent for the app pause then. */
  async #waitOutFailures(key: string, untilMs: number): Promise<void> {
    try {
      for (let leftMs; (leftMs = this.#mayPass(key, untilMs)) > 0;) {
        await this.#clock.sleep(leftMs, this.#stopping);
      }
    } catch (error) {
      this.#leave(key);
      throw error instanceof TokenError ? error : renewalInProgress(undefined, error);
    }
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
    if (next !== undefined) return next();
    queue.underWay--;
    if (queue.underWay === 0) this.#queues.delete(key);
  }
}

function tooMany(retryAfterMs: number): TokenError {
  return new TokenError("too_many_unproven_secrets", { retryAfterMs });
}
