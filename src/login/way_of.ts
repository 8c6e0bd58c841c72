import type { AppCredentials, FeishuAnswer, FeishuPort, RefreshEndpoint } from "../ports/feishu.ts";
import type { CallContext } from "../ports/tokens.ts";
import type { Secret } from "../secret.ts";
import type { AppTokens } from "../tokens/app/app_tokens.ts";
import { needsAppToken } from "../tokens/grants/grant_strategy.ts";
import { USER_MANDATORY_MS } from "../tokens/renewal/remaining_ms.ts";
import type { RefreshEndpoints } from "../tokens/user/refresh_endpoints.ts";
import type { LoginRecord } from "./login_record.ts";
import type { LoginWay } from "./login_strategy.ts";

/** What the ways need. */
export interface WayOptions {
  /** Takes device codes and refresh tokens. */
  readonly feishu: FeishuPort;
  /** Gets the app tokens that some endpoints need. */
  readonly appTokens: AppTokens;
  /** Chooses the endpoint of a refresh token. */
  readonly endpoints: RefreshEndpoints;
}

/** How a login is presented, and at which pace by now. */
export interface PacedWay extends LoginWay {
  /** Pause before the next poll, in milliseconds, as Feishu has asked for it last. */
  readonly intervalMs: number;
}

/** The way of a login. */
export function wayOf(
  login: LoginRecord,
  credentials: AppCredentials,
  call: CallContext,
  options: WayOptions,
): PacedWay {
  return login.flow === "device"
    ? new DeviceWay(login, credentials, options.feishu)
    : new ImportWay(login.presented, credentials, call, options);
}

/** Polls with a device code. */
class DeviceWay implements PacedWay {
  readonly #deviceCode: Secret;
  readonly #credentials: AppCredentials;
  readonly #feishu: FeishuPort;
  #intervalMs: number;

  constructor({ presented, intervalMs }: LoginRecord, credentials: AppCredentials, feishu: FeishuPort) {
    this.#deviceCode = presented;
    this.#intervalMs = intervalMs;
    this.#credentials = credentials;
    this.#feishu = feishu;
  }

  get intervalMs(): number {
    return this.#intervalMs;
  }

  endpoint(): "v2" {
    return "v2";
  }

  async present(timeoutMs: number): Promise<FeishuAnswer> {
    const answer = await this.#feishu.redeemDeviceCode({
      endpoint: this.endpoint(),
      credentials: this.#credentials,
      deviceCode: this.#deviceCode,
      intervalMs: this.#intervalMs,
      timeoutMs,
    });
    if (answer.kind === "refused" && answer.refusal.verdict === "pending") {
      this.#intervalMs = answer.refusal.retryAfterMs ?? this.#intervalMs;
    }
    return answer;
  }
}

/** Presents the refresh token of another tool. */
class ImportWay implements PacedWay {
  readonly #refreshToken: Secret;
  readonly #credentials: AppCredentials;
  readonly #call: CallContext;
  readonly #options: WayOptions;
  readonly #candidates: RefreshEndpoint[];
  readonly intervalMs = 0;
  #appToken: Secret | undefined;

  constructor(
    refreshToken: Secret,
    credentials: AppCredentials,
    call: CallContext,
    options: WayOptions,
  ) {
    this.#refreshToken = refreshToken;
    this.#credentials = credentials;
    this.#call = call;
    this.#options = options;
    this.#candidates = options.endpoints.candidates(credentials, refreshToken);
  }

  endpoint(): RefreshEndpoint {
    return this.#candidates[0] ?? "v2";
  }

  async prepare(): Promise<void> {
    if (!needsAppToken(this.endpoint())) return;
    const { appTokens } = this.#options;
    this.#appToken = (await appTokens.get(this.#credentials, USER_MANDATORY_MS, this.#call)).accessToken;
  }

  next(): boolean {
    if (this.#candidates.length < 2) return false;
    this.#candidates.shift();
    return true;
  }

  async present(timeoutMs: number): Promise<FeishuAnswer> {
    const appToken = this.#appToken;
    return await this.#options.feishu.refreshUserToken({
      endpoint: this.endpoint(),
      credentials: this.#credentials,
      refreshToken: this.#refreshToken,
      timeoutMs,
      ...(appToken === undefined ? {} : { appToken }),
    });
  }
}
