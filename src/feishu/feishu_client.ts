import type { Clock } from "../ports/clock.ts";
import type { FeishuAnswer, FeishuPort, RefreshRequest } from "../ports/feishu.ts";
import { buildInternalTokenRequest, readInternalTokenAnswer } from "./internal_token_endpoint.ts";
import type { Hosts } from "./hosts.ts";
import { buildLegacyRefresh, readLegacyRefresh } from "./legacy_refresh.ts";
import { buildOAuthRefresh, readOAuthRefresh } from "./oauth_refresh.ts";
import { type Fetch, send } from "./send.ts";
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

/** Feishu's token endpoints over HTTP. One call sends one request: nothing is cached, nothing repeated. */
export function createFeishuClient(options: FeishuClientOptions): FeishuPort {
  const { hosts } = options;

  async function exchange(
    request: WireRequest,
    timeoutMs: number,
    read: (answer: WireAnswer) => FeishuAnswer,
  ): Promise<FeishuAnswer> {
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
  };
}
