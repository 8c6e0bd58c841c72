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

/** Spends one caller-held refresh token. Its record does not exist before; afterwards it is a link, which is never renewed. */
export class UserTokenStrategy implements RenewalStrategy {
  /** Names the record. */
  readonly name: RecordName;
  readonly key: string;
  /** Those of a call that spends. */
  readonly limits: AttemptLimits = SPENDING_LIMITS;
  readonly spends = true;
  readonly patient = true;
  readonly log: Log;
  readonly #options: UserTokenStrategyOptions;
  readonly #candidates: RefreshEndpoint[];
  #attempt: EndAttempt | undefined;
  #appToken: Secret | undefined;
  #replacedAppToken = false;

  /** For one refresh token. */
  constructor(options: UserTokenStrategyOptions) {
    this.#options = options;
    const { credentials, presented, issuedBy, endpoints } = options;
    this.name = { kind: "caller", credentials, presented };
    this.key = options.key;
    this.log = options.call.log;
    this.#candidates = endpoints.candidates(credentials, presented, issuedBy);
  }

  /** Whether the record exists: its token is spent then, unless Feishu has returned that same token. */
  isDone(token: TokenRecord | null): boolean {
    const { presentedFp, clock } = this.#options;
    return token !== null && !isEndedLoop(token, presentedFp, clock.now());
  }

  /** Fingerprint of the refresh token to present. */
  subject(): string {
    return this.#options.presentedFp;
  }

  /** Gets the app token that the older endpoints need. For the other endpoints an unproven secret waits for its turn. */
  async prepare(): Promise<void> {
    const { appTokens, credentials, secretFp, unproven, call } = this.#options;
    if (!needsAppToken(this.endpoint)) {
      const attempt = { credentials, secretFp, address: call.address };
      this.#attempt ??= await unproven.begin(attempt, await this.#acceptedMsAgo());
    } else if (!this.#replacedAppToken) {
      const { accessToken } = await appTokens.get(credentials, USER_MANDATORY_MS, call);
      this.#appToken = accessToken;
    }
  }

  /** How long ago Feishu has accepted the secret, by the chain or else by the app's own record. */
  async #acceptedMsAgo(): Promise<number | undefined> {
    const { credentials, secretFp, secretAcceptedMsAgo, appTokens, clock } = this.#options;
    if (credentials.isBrought !== true || secretAcceptedMsAgo !== undefined) return secretAcceptedMsAgo;
    return acceptedMsAgo(await appTokens.kept(credentials).catch(() => null), secretFp, clock.now());
  }

  /** Passes the failure on. */
  onFailure(failure: TokenError): void {
    this.#options.onFailure(failure);
  }

  /** Ends the secret's turn: nothing more is presented. */
  end(): void {
    this.#attempt?.();
  }

  /** As long as Feishu asks for; for a secret that may be made up, a minute. */
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
      ...(needsAppToken(endpoint) && this.#appToken !== undefined ? { appToken: this.#appToken } : {}),
    });
    this.#attempt?.(answer);
    this.#attempt = undefined;
    if (answer.kind === "issued") endpoints.worked(credentials, presented, endpoint);
    if (answer.kind === "refused" && answer.refusal.verdict === "wrong_endpoint" && endpoints.isPinned) {
      // The setting may be wrong, so conclude nothing about the token: correcting the setting is then enough.
      return { ...answer, refusal: { ...answer.refusal, verdict: "config" } };
    }
    return answer;
  }

  /** Whether another endpoint, or once another app token, is left to try. */
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
    // Feishu returns the same token while it is young; presenting it again would change nothing.
    if (accessToken.reveal() === this.#appToken.reveal()) return false;
    this.#appToken = accessToken;
    return true;
  }

  /** The link from the token presented to its successor, newer than an ended link of the token to itself. */
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
  /** How long ago Feishu has accepted that secret, by the chain of `presented`; absent where the chain does not tell. */
  readonly secretAcceptedMsAgo?: number | undefined;
  /** The endpoint that issued `presented`, if known. */
  readonly issuedBy?: RefreshEndpoint | undefined;
  /** The call that started the flight. */
  readonly call: CallContext;
  /** Gets the app tokens that some endpoints need. */
  readonly appTokens: AppTokens;
  /** Chooses the endpoint. */
  readonly endpoints: RefreshEndpoints;
  /** Feishu's token endpoints. */
  readonly feishu: FeishuPort;
  /** Compares tokens and secrets without showing them. */
  readonly fingerprints: Fingerprints;
  /** Queues secrets that may be made up. */
  readonly unproven: UnprovenSecrets;
  /** Tells which pairs have ended. */
  readonly clock: Clock;
  /** Called with the failure of each attempt that brought no token. */
  readonly onFailure: (failure: TokenError) => void;
}

function needsAppToken(endpoint: RefreshEndpoint): boolean {
  return endpoint === "v1" || endpoint === "oidc";
}
