import type { Clock } from "../ports/clock.ts";
import type { FailedCall, FeishuAnswer, FeishuPort, RefreshRequest } from "../ports/feishu.ts";
import type { RegistrationPort, RegistrationStartAnswer } from "../ports/registration_port.ts";
import { buildAppScopes, readAppScopes } from "./app_scopes.ts";
import { authorizeUrl } from "./authorize_url.ts";
import { buildCodeRedeem, readCodeRedeem } from "./code_redeem.ts";
import { buildDeviceRedeem, readDeviceRedeem } from "./device_redeem.ts";
import { buildDeviceStart, readDeviceStart } from "./device_start.ts";
import { buildInternalTokenRequest, readInternalTokenAnswer } from "./internal_token_endpoint.ts";
import type { Hosts } from "./hosts.ts";
import { buildLegacyRefresh, readLegacyRefresh } from "./legacy_refresh.ts";
import { buildOAuthRefresh, readOAuthRefresh } from "./oauth_refresh.ts";
import { buildRegistrationPoll, readRegistrationPoll } from "./registration_poll.ts";
import { buildRegistrationStart, readRegistrationStart, registrationAddons } from "./registration_start.ts";
import { buildRevoke, readRevoke } from "./revoke.ts";
import { type Fetch, send } from "./send.ts";
import { buildUserInfo, readUserInfo } from "./user_info.ts";
import type { WireAnswer, WireRequest } from "./wire.ts";

/** Options of {@linkcode createFeishuClient}. */
export interface FeishuClientOptions {
  /** Called with `redirect: "manual"` and a signal. */
  readonly fetch: Fetch;
  /** For expiry times and deadlines. */
  readonly clock: Clock;
  /** The only hosts that requests go to. */
  readonly hosts: Hosts;
  /** Sent as `User-Agent`. */
  readonly version: string;
}

/** Feishu's endpoints of tokens and logins over HTTP. One call sends one request: nothing is cached, nothing repeated. */
export function createFeishuClient(options: FeishuClientOptions): FeishuPort & RegistrationPort {
  const { hosts } = options;

  async function exchange<T>(
    request: WireRequest,
    timeoutMs: number,
    read: (answer: WireAnswer) => T,
  ): Promise<T | FailedCall> {
    const answer = await send(request, { ...options, timeoutMs });
    return answer.kind === "answered" ? read(answer) : answer;
  }

  return {
    issueAppToken: ({ credentials, timeoutMs }) =>
      exchange(
        buildInternalTokenRequest(hosts, "app", credentials),
        timeoutMs,
        (answer) => readInternalTokenAnswer("app", answer),
      ),

    issueTenantToken: ({ credentials, timeoutMs }) =>
      exchange(
        buildInternalTokenRequest(hosts, "tenant", credentials),
        timeoutMs,
        (answer) => readInternalTokenAnswer("tenant", answer),
      ),

    async refreshUserToken(request: RefreshRequest): Promise<FeishuAnswer> {
      switch (request.endpoint) {
        case "v1":
        case "oidc":
          return await exchange(
            buildLegacyRefresh(hosts, request.endpoint, request),
            request.timeoutMs,
            (answer) => readLegacyRefresh(answer, request),
          );
        case "v2":
        case "v3":
          return await exchange(
            buildOAuthRefresh(hosts, request.endpoint, request),
            request.timeoutMs,
            (answer) => readOAuthRefresh(answer, request),
          );
      }
    },

    startDevice: (request) => exchange(buildDeviceStart(hosts, request), request.timeoutMs, readDeviceStart),

    redeemDeviceCode: (request) =>
      exchange(
        buildDeviceRedeem(hosts, request),
        request.timeoutMs,
        (answer) => readDeviceRedeem(answer, request),
      ),

    authorizeUrl: (request) => authorizeUrl(hosts, request),

    redeemCode: (request) =>
      exchange(
        buildCodeRedeem(hosts, request),
        request.timeoutMs,
        (answer) => readCodeRedeem(answer, request),
      ),

    userInfo: (request) => exchange(buildUserInfo(hosts, request), request.timeoutMs, readUserInfo),

    appScopes: (request) => exchange(buildAppScopes(hosts, request), request.timeoutMs, readAppScopes),

    async startRegistration(request): Promise<RegistrationStartAnswer | FailedCall> {
      const addons = await registrationAddons(request.scopes);
      return await exchange(
        buildRegistrationStart(hosts),
        request.timeoutMs,
        (answer) => readRegistrationStart(answer, request, addons, hosts),
      );
    },

    pollRegistration: (request) =>
      exchange(
        buildRegistrationPoll(hosts, request),
        request.timeoutMs,
        (answer) => readRegistrationPoll(answer, request),
      ),

    revoke: (request) => exchange(buildRevoke(hosts, request), request.timeoutMs, readRevoke),
  };
}
