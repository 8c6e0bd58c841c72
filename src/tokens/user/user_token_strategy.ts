import type { TokenError } from "../../errors/token_error.ts";
import type { Clock } from "../../ports/clock.ts";
import type {
  AppCredentials,
  FeishuAnswer,
  FeishuPort,
  IssuedToken,
  RefreshEndpoint,
  Refusal,
} from "../../ports/feishu.ts";
import type { Log } from "../../ports/log.ts";
import type { Fingerprints, RecordName, TokenRecord } from "../../ports/store.ts";
import type { CallContext } from "../../ports/tokens.ts";
import type { Secret } from "../../secret.ts";
import type { AppTokens } from "../app/app_tokens.ts";
import { acceptedMsAgo } from "../app/accepted_ms_ago.ts";
import { type AttemptLimits, SPENDING_LIMITS } from "../renewal/limits.ts";
import { COOL_DOWN_MAX_MS } from "../renewal/failure_marks.ts";
import { USER_MANDATORY_MS } from "../renewal/remaining_ms.ts";
import { isEndedLoop } from "./is_ended_loop.ts";
import type { RefreshEndpoints } from "./refresh_endpoints.ts";
import type { RenewalStrategy } from "../renewal/renewal_strategy.ts";
import type { EndAttempt, UnprovenSecrets } from "../app/unproven_secrets.ts";

/** Spends one caller-held refresh token. Its record does not exist before, and is only a link afterwards. */
export class UserTokenStrategy implements RenewalStrategy {
  /** The record. */
  readonly name: RecordName;
  readonly key: string;
  /** How long one presentation may take. */
  readonly limits: AttemptLimits = SPENDING_LIMITS;
  readonly spends = true;
  readonly patient = true;
  readonly log: Log;
  readonly #options: UserTokenStrategyOptions;
  readonly #candidates: RefreshEndpoint[];
  #attempt: EndAttempt | undefined;
  #appToken: Secret | undefined;
  #replacedAppToken = false;

  /** One presentation, with the endpoints to try. */
  constructor(options: UserTokenStrategyOptions) {
    this.#options = options;
    const { credentials, presented, issuedBy, endpoints } = options;
    this.name = { kind: "caller", credentials, presented };
    this.key = options.key;
    this.log = options.call.log;
    this.#candidates = endpoints.candidates(credentials, presented, issuedBy);
  }

  /** A record that exists is a link: its token is spent; unless Feishu has handed that back. */
  isDone(token: TokenRecord | null): boolean {
    const { presentedFp, clock } = this.#options;
    return token !== null && !isEndedLoop(token, presentedFp, clock.now());
  }

  /** The refresh token presented. */
  subject(): string {
    return this.#options.presentedFp;
  }

  /** Gets the app token that the older endpoints want; for the others the secret itself may have to wait for its turn. */
  async prepare(): Promise<void> {
    const { appTokens, credentials, secretFp, unproven, call } = this.#options;
    if (!wantsAppToken(this.endpoint)) {
      const attempt = { credentials, secretFp, address: call.address };
      this.#attempt ??= await unproven.begin(attempt, await this.#acceptedMsAgo());
    } else if (!this.#replacedAppToken) {
      const { accessToken } = await appTokens.get(credentials, USER_MANDATORY_MS, call);
      this.#appToken = accessToken;
    }
  }

  /** How long ago Feishu has accepted the secret: as the chain tells, else the app's own record. */
  async #acceptedMsAgo(): Promise<number | undefined> {
    const { credentials, secretFp, secretAcceptedMsAgo, appTokens, clock } = this.#options;
    if (credentials.isBrought !== true || secretAcceptedMsAgo !== undefined) return secretAcceptedMsAgo;
    return acceptedMsAgo(await appTokens.kept(credentials).catch(() => null), secretFp, clock.now());
  }

  /** Told what an attempt met. */
  onFailure(failure: TokenError): void {
    this.#options.onFailure(failure);
  }

  /** Nothing is presented any more: whoever waits for its turn may go on. */
  end(): void {
    this.#attempt?.();
  }

  /** Whatever Feishu asks for, unless the secret may be made up. */
  longestPauseMs(): number {
    const { credentials, secretAcceptedMsAgo } = this.#options;
    const mayBeMadeUp = credentials.isBrought === true && secretAcceptedMsAgo === undefined;
    return mayBeMadeUp ? COOL_DOWN_MAX_MS : Infinity;
  }

  /** Presents the refresh token once. */
  async present(timeoutMs: number): Promise<FeishuAnswer> {
    const { feishu, credentials, presented, endpoints } = this.#options;
    const endpoint = this.endpoint;
    const answer = await feishu.refreshUserToken({
      endpoint,
      credentials,
      refreshToken: presented,
      timeoutMs,
      ...(wantsAppToken(endpoint) && this.#appToken !== undefined ? { appToken: this.#appToken } : {}),
    });
    this.#attempt?.(answer);
    this.#attempt = undefined;
    if (answer.kind === "issued") endpoints.worked(credentials, presented, endpoint);
    if (answer.kind === "refused" && answer.refusal.verdict === "wrong_endpoint" && endpoints.isPinned) {
      // The pin may be what is wrong: nothing is concluded about the token, so that mending it is enough.
      return { ...answer, refusal: { ...answer.refusal, verdict: "config" } };
    }
    return answer;
  }

  /** Another endpoint, or another app token, once each. */
  async hasAnotherWay(refusal: Refusal): Promise<boolean> {
    if (refusal.verdict === "wrong_endpoint") {
      if (this.#candidates.length < 2) return false;
      this.#candidates.shift();
      return true;
    }
    const { appTokens, credentials, call } = this.#options;
    if (refusal.verdict !== "app_token" || this.#replacedAppToken || this.#appToken === undefined) {
      return false;
    }
    this.#replacedAppToken = true;
    const { accessToken } = await appTokens.replace(credentials, this.#appToken, call);
    // Feishu hands the same token back while it is young; presenting it again would change nothing.
    if (accessToken.reveal() === this.#appToken.reveal()) return false;
    this.#appToken = accessToken;
    return true;
  }

  /** The link from the token presented to its successor; above one to the token itself that has ended. */
  async successor(current: TokenRecord | null, issued: IssuedToken): Promise<TokenRecord> {
    const { fingerprints, credentials, secretFp } = this.#options;
    return {
      login: 0,
      gen: (current?.gen ?? 0) + 1,
      fp: await fingerprints.ofToken(credentials, issued.refreshToken ?? issued.accessToken),
      secretFp,
      token: issued,
      endpoint: this.endpoint,
    };
  }

  get endpoint(): RefreshEndpoint {
    const [endpoint] = this.#candidates;
    if (endpoint === undefined) throw new RangeError("No endpoint to present the refresh token to");
    return endpoint;
  }
}

/** What {@linkcode UserTokenStrategy} needs. */
export interface UserTokenStrategyOptions {
  /** The app. */
  readonly credentials: AppCredentials;
  /** The refresh token. */
  readonly presented: Secret;
  /** Fingerprint of `presented`. */
  readonly presentedFp: string;
  /** Names the record inside this process. */
  readonly key: string;
  /** Fingerprint of the app secret in use. */
  readonly secretFp: string;
  /** How long ago Feishu has accepted it as far as the chain of `presented` tells, in milliseconds. */
  readonly secretAcceptedMsAgo?: number | undefined;
  /** The endpoint that issued `presented`, where that is known. */
  readonly issuedBy?: RefreshEndpoint | undefined;
  /** The call that asks. */
  readonly call: CallContext;
  /** Gives the app tokens that some endpoints want, and proves secrets. */
  readonly appTokens: AppTokens;
  /** Knows where refresh tokens go. */
  readonly endpoints: RefreshEndpoints;
  /** Feishu's token endpoints. */
  readonly feishu: FeishuPort;
  /** Compares tokens and secrets without showing them. */
  readonly fingerprints: Fingerprints;
  /** Whose turn it is where secrets may be made up. */
  readonly unproven: UnprovenSecrets;
  /** Tells which pairs have ended. */
  readonly clock: Clock;
  /** Told what each attempt met that brought no token. */
  readonly onFailure: (failure: TokenError) => void;
}

function wantsAppToken(endpoint: RefreshEndpoint): boolean {
  return endpoint === "v1" || endpoint === "oidc";
}
