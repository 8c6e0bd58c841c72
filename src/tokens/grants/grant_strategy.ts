import { defined } from "../../defined.ts";
import { TokenError } from "../../errors/token_error.ts";
import type { FeishuAnswer, IssuedToken, RefreshEndpoint } from "../../ports/feishu.ts";
import type { Log } from "../../ports/log.ts";
import type { Fingerprints, RecordName, TokenRecord } from "../../ports/store.ts";
import type { Secret } from "../../secret.ts";
import { type AttemptLimits, SPENDING_LIMITS } from "../renewal/limits.ts";
import type { RecordRef } from "../renewal/record_ref.ts";
import type { RenewalStrategy } from "../renewal/renewal_strategy.ts";

/** Presents a refresh token to Feishu once. */
export type PresentRefreshToken = (refreshToken: Secret, timeoutMs: number) => Promise<FeishuAnswer>;

/** How a grant is renewed: its record rotates in place, and each rotation inherits what its login brought. */
export class GrantStrategy implements RenewalStrategy {
  readonly name: RecordName;
  readonly key: string;
  readonly spends = true;
  readonly limits: AttemptLimits = SPENDING_LIMITS;
  readonly patient: boolean;
  readonly log: Log;
  readonly #options: GrantStrategyOptions;
  #refreshToken: Secret | undefined;

  /** For one renewal. */
  constructor(options: GrantStrategyOptions) {
    const { ref, log, patient } = options;
    this.name = ref.name;
    this.key = ref.key;
    this.log = log;
    this.patient = patient;
    this.#options = options;
  }

  /** Whether the stored pair answers without a renewal. */
  isDone(token: TokenRecord | null): boolean {
    return token !== null && this.#options.isEnough(token);
  }

  /**
   * The fingerprint of the stored refresh token.
   *
   * @throws TokenError `not_logged_in` where there is no grant, `refresh_token_expired` where it has no refresh token.
   */
  subject(token: TokenRecord | null): string {
    if (token === null) throw new TokenError("not_logged_in");
    this.#refreshToken = token.token.refreshToken;
    if (this.#refreshToken === undefined) throw new TokenError("refresh_token_expired");
    return token.fp;
  }

  /** Nothing is needed before a claim. */
  prepare(): Promise<void> {
    return Promise.resolve();
  }

  /** Presents the refresh token that the last `subject()` was about. */
  async present(timeoutMs: number): Promise<FeishuAnswer> {
    if (this.#refreshToken === undefined) throw new TypeError("present() before subject()");
    return await this.#options.present(this.#refreshToken, timeoutMs);
  }

  /** There is one way to ask. */
  hasAnotherWay(): Promise<boolean> {
    return Promise.resolve(false);
  }

  /** As long as Feishu asks for. */
  longestPauseMs(): number {
    return Infinity;
  }

  /** The next generation, with the claims, the beginning and the wall of its login. */
  async successor(current: TokenRecord | null, issued: IssuedToken): Promise<TokenRecord> {
    const { login = 0, gen = 0, auth, began, wall } = current ?? {};
    return { ...await pairOf(this.#options, issued), login, gen: gen + 1, ...defined({ auth, began, wall }) };
  }
}

/** What {@linkcode GrantStrategy} needs. */
export interface GrantStrategyOptions {
  /** The grant. */
  readonly ref: RecordRef;
  /** How its refresh token is presented. */
  readonly present: PresentRefreshToken;
  /** Whether a stored pair is good enough for the caller. */
  readonly isEnough: (record: TokenRecord) => boolean;
  /** Whether failures that pass soon are waited out; a renewal in the background reports them instead. */
  readonly patient: boolean;
  /** Of tokens and of the app secret. */
  readonly fingerprints: Fingerprints;
  /** Generation of endpoint that the pair comes from. */
  readonly endpoint: RefreshEndpoint;
  /** Of the call that started the renewal. */
  readonly log: Log;
}

/** A pair as a record holds it, without its place in the order of records. */
export async function pairOf(
  { ref: { name }, fingerprints, endpoint }: Pick<GrantStrategyOptions, "ref" | "fingerprints" | "endpoint">,
  token: IssuedToken,
): Promise<Omit<TokenRecord, "login" | "gen">> {
  const { credentials } = name;
  return {
    fp: await fingerprints.ofToken(credentials, token.refreshToken ?? token.accessToken),
    secretFp: await fingerprints.ofAppSecret(credentials),
    token,
    endpoint,
  };
}
