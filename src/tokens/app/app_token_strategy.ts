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

/** App tokens before the current one that a report may still be about. */
const EARLIER_APP_TOKENS = 8;

/** The renewal of an app or tenant token. Nothing is spent; Feishu hands back the same token while 30 minutes remain of it. */
export class AppTokenStrategy implements RenewalStrategy {
  /** The record. */
  readonly name: RecordName;
  readonly key: string;
  /** How long one presentation may take. */
  readonly limits: AttemptLimits = APP_LIMITS;
  readonly spends = false;
  readonly patient: boolean;
  readonly log: Log;
  readonly #options: AppTokenStrategyOptions;
  #attempt: EndAttempt | undefined;

  /** One question. */
  constructor(options: AppTokenStrategyOptions) {
    this.#options = options;
    this.name = { kind: options.kind, credentials: options.credentials };
    this.key = options.key;
    this.patient = options.patient;
    this.log = options.log;
  }

  /** Whether `token` is enough, and was got with the secret in use. */
  isDone(token: TokenRecord | null): boolean {
    return this.#isGotWith(token) && this.#options.isEnough(token);
  }

  /** The secret: nothing is spent by asking for the next token, and leases are one secret's whatever token is stored. */
  subject(): string {
    return this.#options.secretFp;
  }

  /** Waits for its turn, where the secret may be made up. */
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

  /** Nothing is asked any more: whoever waits for its turn may go on. */
  end(): void {
    this.#attempt?.();
  }

  /** Whatever Feishu asks for where it has accepted the secret; a made-up one makes nobody wait for longer than a minute. */
  longestPauseMs(token: TokenRecord | null): number {
    return this.#isGotWith(token) ? Infinity : COOL_DOWN_MAX_MS;
  }

  /** There is one endpoint only. */
  hasAnotherWay(): Promise<boolean> {
    return Promise.resolve(false);
  }

  /** The next generation, with whatever Feishu handed out. */
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
  /** Which token. */
  readonly kind: AppTokenKind;
  /** The app. */
  readonly credentials: AppCredentials;
  /** Names the app and the secret inside this process: attempts with another secret are none of its business. */
  readonly key: string;
  /** Fingerprint of the secret in `credentials`: a token got with another one does not answer. */
  readonly secretFp: string;
  /** IP address of the caller who asks first; `undefined` where nobody calls over a network. */
  readonly address: string | undefined;
  /** Whose turn it is where secrets may be made up. */
  readonly unproven: UnprovenSecrets;
  /** Tells how long ago a secret was accepted. */
  readonly clock: Clock;
  /** What answers the question, apart from the secret. */
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

/** The kinds of token that an app gets with its id and secret alone. */
export type AppTokenKind = "app" | "tenant";

function earlierThan(fp: string, current: TokenRecord): string[] {
  const all = [current.fp, ...current.earlier ?? []];
  return all.filter((each) => each !== fp).slice(0, EARLIER_APP_TOKENS);
}
