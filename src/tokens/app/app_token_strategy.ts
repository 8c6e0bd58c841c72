import type { Clock } from "../../ports/clock.ts";
import type { AppCredentials, FeishuAnswer, FeishuPort, IssuedToken } from "../../ports/feishu.ts";
import type { Log } from "../../ports/log.ts";
import type { Fingerprints, RecordName, TokenRecord } from "../../ports/store.ts";
import type { Secret } from "../../secret.ts";
import { acceptedMsAgo } from "./accepted_ms_ago.ts";
import { APP_LIMITS, type AttemptLimits } from "../renewal/limits.ts";
import { COOL_DOWN_MAX_MS } from "../renewal/failure_marks.ts";
import type { RenewalStrategy } from "../renewal/renewal_strategy.ts";
import type { EndAttempt, UnprovenSecrets } from "./unproven_secrets.ts";

/** Fingerprints of earlier app tokens that a record keeps, since a report may still be about one of them. */
const EARLIER_APP_TOKENS = 8;

/** Renews an app or tenant token. Nothing is spent; Feishu returns the same token while 30 minutes or more of it remain. */
export class AppTokenStrategy implements RenewalStrategy {
  /** Names the record. */
  readonly name: RecordName;
  readonly key: string;
  /** Those of a call that spends nothing. */
  readonly limits: AttemptLimits = APP_LIMITS;
  readonly spends = false;
  readonly patient: boolean;
  readonly log: Log;
  readonly #options: AppTokenStrategyOptions;
  #attempt: EndAttempt | undefined;

  /** For one renewal. */
  constructor(options: AppTokenStrategyOptions) {
    this.#options = options;
    this.name = { kind: options.kind, credentials: options.credentials };
    this.key = options.key;
    this.patient = options.patient;
    this.log = options.log;
  }

  /** Whether `token` is good enough and was got with this secret. */
  isDone(token: TokenRecord | null): boolean {
    return this.#isGotWith(token) && this.#options.isEnough(token);
  }

  /** Fingerprint of the secret: a lease of an app is about one secret, whatever token is stored. */
  subject(): string {
    return this.#options.secretFp;
  }

  /** Waits for the secret's turn, if it may be made up. */
  async prepare(token: TokenRecord | null): Promise<void> {
    const { unproven, secretFp, clock } = this.#options;
    this.#attempt ??= await unproven.begin(this.#options, acceptedMsAgo(token, secretFp, clock.now()));
  }

  /** Asks for a token once. */
  async present(timeoutMs: number): Promise<FeishuAnswer> {
    const { feishu, credentials, kind } = this.#options;
    const request = { credentials, timeoutMs };
    const answer = await (kind === "app" ? feishu.issueAppToken(request) : feishu.issueTenantToken(request));
    this.#attempt?.(answer);
    this.#attempt = undefined;
    return answer;
  }

  /** Ends the secret's turn: Feishu is not asked any more. */
  end(): void {
    this.#attempt?.();
  }

  /** As long as Feishu asks for, if it has accepted the secret. A made-up secret makes callers wait a minute at most. */
  longestPauseMs(token: TokenRecord | null): number {
    return this.#isGotWith(token) ? Infinity : COOL_DOWN_MAX_MS;
  }

  /** No: there is one endpoint only. */
  hasAnotherWay(): Promise<boolean> {
    return Promise.resolve(false);
  }

  /** The record of the next generation. Its token may be the same one again. */
  async successor(current: TokenRecord | null, issued: IssuedToken): Promise<TokenRecord> {
    const fp = await this.#fingerprint(issued.accessToken);
    return {
      login: 0,
      gen: (current?.gen ?? 0) + 1,
      fp,
      secretFp: this.#options.secretFp,
      token: issued,
      ...(current === null ? {} : { earlier: earlierThan(fp, current), unchanged: fp === current.fp }),
    };
  }

  #isGotWith(token: TokenRecord | null): token is TokenRecord {
    return token !== null && token.secretFp === this.#options.secretFp;
  }

  #fingerprint(token: Secret): Promise<string> {
    return this.#options.fingerprints.ofToken(this.#options.credentials, token);
  }
}

/** What {@linkcode AppTokenStrategy} needs. */
export interface AppTokenStrategyOptions {
  /** Kind of the token. */
  readonly kind: AppTokenKind;
  /** The app. */
  readonly credentials: AppCredentials;
  /** Names the app and the secret inside this process; renewals with another secret are separate. */
  readonly key: string;
  /** Fingerprint of the secret in `credentials`. A token that was got with another secret is not handed out. */
  readonly secretFp: string;
  /** IP address of the first caller; `undefined` over stdio and for commands. */
  readonly address: string | undefined;
  /** Queues secrets that may be made up. */
  readonly unproven: UnprovenSecrets;
  /** Tells how long ago a secret was accepted. */
  readonly clock: Clock;
  /** Whether a token has enough time left, or is another one than before. */
  readonly isEnough: (token: TokenRecord) => boolean;
  /** As in {@linkcode RenewalStrategy}. */
  readonly patient: boolean;
  /** One line an event. */
  readonly log: Log;
  /** Feishu's token endpoints. */
  readonly feishu: FeishuPort;
  /** Compares tokens and secrets without showing them. */
  readonly fingerprints: Fingerprints;
}

/** The kinds of token that need only the app's id and secret. */
export type AppTokenKind = "app" | "tenant";

function earlierThan(fp: string, current: TokenRecord): string[] {
  const all = [current.fp, ...current.earlier ?? []];
  return all.filter((each) => each !== fp).slice(0, EARLIER_APP_TOKENS);
}
