import { TokenError } from "../errors/token_error.ts";
import type {
  AppCredentials,
  FeishuAnswer,
  IssuedToken,
  LoginClaims,
  RefreshEndpoint,
} from "../ports/feishu.ts";
import type { Log } from "../ports/log.ts";
import type { SealedChange } from "../ports/sealed_change.ts";
import type { Fingerprints, RecordName, TokenRecord } from "../ports/store.ts";
import type { Secret } from "../secret.ts";
import { type AttemptLimits, SPENDING_LIMITS } from "../tokens/renewal/limits.ts";
import type { RecordRef } from "../tokens/renewal/record_ref.ts";
import type { RenewalStrategy } from "../tokens/renewal/renewal_strategy.ts";

/** When a login that was not presented is to be tried again, in milliseconds. */
const NOT_NOW_MS = 5_000;

/** The record of the pair that a login's code brings. `at` as in {@linkcode RecordName}. */
export function loginRef(
  credentials: AppCredentials,
  presented: Secret,
  id: Secret,
  at: string | undefined,
): RecordRef {
  const name: RecordName = { kind: "login", credentials, presented, ...(at === undefined ? {} : { at }) };
  return { name, key: `login ${id.reveal()}`, spends: true };
}

/**
 * Presents what a login has, a device code or the refresh token of another tool, and keeps the pair that it brings. An
 * ordinary renewal does so, on a record that does not exist before: with a claim, through the journal, and remembering
 * an unknown outcome. Its cool-down is the pause between two polls.
 */
export class LoginStrategy implements RenewalStrategy {
  readonly name: RecordName;
  readonly key: string;
  readonly spends = true;
  readonly patient = true;
  readonly limits: AttemptLimits = SPENDING_LIMITS;
  readonly log: Log;
  readonly #options: LoginStrategyOptions;
  #passage: SealedChange | null = null;
  #claims: LoginClaims | undefined;

  /** For one attempt. */
  constructor(options: LoginStrategyOptions) {
    this.#options = options;
    this.name = options.ref.name;
    this.key = options.ref.key;
    this.log = options.log;
  }

  /** The generation of endpoints that is asked. */
  get endpoint(): RefreshEndpoint {
    return this.#options.way.endpoint();
  }

  /** Whether the pair is there. */
  isDone(token: TokenRecord | null): boolean {
    return token !== null;
  }

  /** Fingerprint of what is presented. */
  subject(): string {
    return this.#options.presentedFp;
  }

  /**
   * Looks once more whether the login still waits: another process may have finished it, and then its pair is gone
   * from this record. Nothing is presented either while the gate of the app is closed.
   *
   * @throws TokenError `renewal_in_progress` where nothing may be presented now.
   */
  async prepare(): Promise<void> {
    const { isWaiting, passage, way } = this.#options;
    await way.prepare?.();
    this.#passage = await passage();
    if (this.#passage === null || !await isWaiting()) {
      throw new TokenError("renewal_in_progress", { retryAfterMs: NOT_NOW_MS });
    }
  }

  /** The gate, as `prepare()` has found it. */
  guards(): Promise<readonly SealedChange[]> {
    return Promise.resolve(this.#passage === null ? [] : [this.#passage]);
  }

  /** Presents it once. */
  async present(timeoutMs: number): Promise<FeishuAnswer> {
    const answer = await this.#options.way.present(timeoutMs);
    if (answer.kind === "issued") this.#claims = answer.claims;
    return answer;
  }

  /** Whether another generation of endpoints may take it. */
  hasAnotherWay(): Promise<boolean> {
    return Promise.resolve(this.#options.way.next?.() ?? false);
  }

  /** No limit: the pause is as long as Feishu asks for. */
  longestPauseMs(): number {
    return Infinity;
  }

  /** The record of the pair, with the claims that every later pair of the login inherits. */
  async successor(_current: TokenRecord | null, issued: IssuedToken): Promise<TokenRecord> {
    const { fingerprints } = this.#options;
    const { credentials } = this.name;
    const auth = this.#claims;
    return {
      login: 0,
      gen: 1,
      fp: await fingerprints.ofToken(credentials, issued.refreshToken ?? issued.accessToken),
      secretFp: await fingerprints.ofAppSecret(credentials),
      token: issued,
      endpoint: this.endpoint,
      ...(auth === undefined ? {} : { auth }),
    };
  }
}

/** How the code of one flow is presented. */
export interface LoginWay {
  /** The generation of endpoints that is asked next. */
  endpoint(): RefreshEndpoint;
  /** Gets what a presentation needs. */
  prepare?(): Promise<void>;
  /** Presents the code once. */
  present(timeoutMs: number): Promise<FeishuAnswer>;
  /** Moves on to another generation of endpoints, after one has not taken the code; `false` where there is none. */
  next?(): boolean;
}

/** What {@linkcode LoginStrategy} needs. */
export interface LoginStrategyOptions {
  /** The record of the pair. */
  readonly ref: RecordRef;
  /** Fingerprint of what is presented. */
  readonly presentedFp: string;
  /** How it is presented. */
  readonly way: LoginWay;
  /** Whether the login still waits, by its record. */
  readonly isWaiting: () => Promise<boolean>;
  /** The condition under which it may be presented; `null` while it may not. */
  readonly passage: () => Promise<SealedChange | null>;
  /** Fingerprints of tokens and of the app secret. */
  readonly fingerprints: Fingerprints;
  /** One line an event. */
  readonly log: Log;
}
