import { defined } from "../../defined.ts";
import { TokenError } from "../../errors/token_error.ts";
import type { FeishuAnswer, IssuedToken, RefreshEndpoint } from "../../ports/feishu.ts";
import type { Log } from "../../ports/log.ts";
import type { Fingerprints, RecordName, TokenRecord } from "../../ports/store.ts";
import type { Secret } from "../../secret.ts";
import { type AttemptLimits, SPENDING_LIMITS } from "../renewal/limits.ts";
import type { RecordRef } from "../renewal/record_ref.ts";
import type { RenewalStrategy } from "../renewal/renewal_strategy.ts";

/** Presents a refresh token to Feishu once, at the generation of endpoints that issued it. */
export type PresentRefreshToken = (
  refreshToken: Secret,
  timeoutMs: number,
  at: { readonly endpoint: RefreshEndpoint; readonly appToken?: Secret },
) => Promise<FeishuAnswer>;

/** The endpoint that renews a grant whose record does not say which one has issued it. */
const USUAL_ENDPOINT: RefreshEndpoint = "v2";

/** Renews a grant: its record rotates in place, and each rotation inherits the facts of its login. */
export class GrantStrategy implements RenewalStrategy {
  readonly name: RecordName;
  readonly key: string;
  readonly spends = true;
  readonly limits: AttemptLimits = SPENDING_LIMITS;
  readonly patient: boolean;
  readonly log: Log;
  readonly #options: GrantStrategyOptions;
  #refreshToken: Secret | undefined;
  #endpoint: RefreshEndpoint = USUAL_ENDPOINT;
  #appToken: Secret | undefined;

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
    this.#endpoint = token.endpoint ?? USUAL_ENDPOINT;
    if (this.#refreshToken === undefined) throw new TokenError("refresh_token_expired");
    return token.fp;
  }

  /** The endpoint of the next presentation. */
  get endpoint(): RefreshEndpoint {
    return this.#endpoint;
  }

  /** Gets the app token that the older endpoints need. */
  async prepare(): Promise<void> {
    if (needsAppToken(this.#endpoint)) this.#appToken = await this.#options.appToken?.();
  }

  /** Presents the refresh token that the last `subject()` was about. */
  async present(timeoutMs: number): Promise<FeishuAnswer> {
    if (this.#refreshToken === undefined) throw new TypeError("present() before subject()");
    const appToken = this.#appToken;
    return await this.#options.present(this.#refreshToken, timeoutMs, {
      endpoint: this.#endpoint,
      ...defined({ appToken }),
    });
  }

  /** No: a grant is renewed at one endpoint alone. */
  hasAnotherWay(): Promise<boolean> {
    return Promise.resolve(false);
  }

  /** No limit: a cool-down lasts as long as Feishu asks for. */
  longestPauseMs(): number {
    return Infinity;
  }

  /** The record of the next generation. It inherits `auth`, `who`, `began` and `wall` of its login. */
  async successor(current: TokenRecord | null, issued: IssuedToken): Promise<TokenRecord> {
    const { login = 0, gen = 0, auth, who, began, wall } = current ?? {};
    const pair = await pairOf({ ...this.#options, endpoint: this.#endpoint }, issued);
    return { ...pair, login, gen: gen + 1, ...defined({ auth, who, began, wall }) };
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
  /** Whether to wait out a failure that passes soon. A renewal in the background fails at once instead. */
  readonly patient: boolean;
  /** Fingerprints of tokens and of the app secret. */
  readonly fingerprints: Fingerprints;
  /** Gets the app token that the older endpoints need. */
  readonly appToken?: (() => Promise<Secret>) | undefined;
  /** Log of the call that started the renewal. */
  readonly log: Log;
}

/** Whether an endpoint takes refresh tokens only together with an app token. */
export function needsAppToken(endpoint: RefreshEndpoint): boolean {
  return endpoint === "v1" || endpoint === "oidc";
}

/** A pair as a record holds it, without its place in the order of records. */
export async function pairOf(
  { ref: { name }, fingerprints, endpoint }: Pick<GrantStrategyOptions, "ref" | "fingerprints"> & {
    readonly endpoint: RefreshEndpoint;
  },
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
