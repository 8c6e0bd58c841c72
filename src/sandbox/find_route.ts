import type { Answer } from "./answer.ts";
import { issueAppToken, issueTenantToken } from "./endpoints_auth_v3.ts";
import {
  AUTHORIZE_PATH,
  decideOnAuthorizePage,
  showAuthorizePage,
  showIndexPage,
} from "./endpoints_authorize.ts";
import { answerAnyApi, APPLICATION_PATH, showApplication, showBot } from "./endpoints_business.ts";
import {
  decideOnDevicePage,
  showDevicePage,
  startDevice,
  startDeviceWithoutSecret,
  VERIFY_PATH,
} from "./endpoints_device.ts";
import { redeemLegacyCode, refreshLegacy } from "./endpoints_legacy.ts";
import { answerOauthToken } from "./endpoints_oauth.ts";
import {
  answerRegistration,
  BROKEN_REGISTRATION_PAGE,
  decideOnRegistrationPage,
  REGISTRATION_PAGE,
  REGISTRATION_PATH,
  showBrokenPage,
  showRegistrationPage,
} from "./endpoints_registration.ts";
import { REVOKE_PATH, revokeToken } from "./endpoints_revoke.ts";
import type { FeishuRequest } from "./feishu_request.ts";
import { contactScopes, userInfo } from "./gateway.ts";
import type { RefusalShape } from "./refusal.ts";
import type { Sandbox } from "./sandbox.ts";

/** The HTTP methods of Feishu's APIs. */
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

/** One endpoint of the simulated Feishu. */
export interface Route {
  /** HTTP method. */
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Without a trailing slash. A segment such as `:app_id` stands for any one. */
  readonly path: string;
  /** Of its refusals. */
  readonly shape: RefusalShape;
  /** Code of a `refuse` fault that names none. */
  readonly faultCode: number;
  /** Makes the change, and answers. */
  readonly answer: (sandbox: Sandbox, request: FeishuRequest) => Answer | Promise<Answer>;
}

const AUTH_V3 = { method: "POST", shape: "auth_v3", faultCode: 2200 } as const;
const LEGACY_ROUTE = { method: "POST", shape: "legacy", faultCode: 20050 } as const;
const OAUTH = { method: "POST", shape: "oauth", faultCode: 20050 } as const;
const GATEWAY = { method: "GET", shape: "gateway", faultCode: 2200 } as const;

/** Every endpoint, those of the API host and of the accounts host: the sandbox has one origin for both. */
const ROUTES: readonly Route[] = [
  { ...AUTH_V3, path: "/open-apis/auth/v3/app_access_token/internal", answer: issueAppToken },
  { ...AUTH_V3, path: "/open-apis/auth/v3/tenant_access_token/internal", answer: issueTenantToken },
  {
    ...LEGACY_ROUTE,
    path: "/open-apis/authen/v1/access_token",
    answer: (sandbox, request) => redeemLegacyCode(sandbox, request, "v1"),
  },
  {
    ...LEGACY_ROUTE,
    path: "/open-apis/authen/v1/refresh_access_token",
    answer: (sandbox, request) => refreshLegacy(sandbox, request, "v1"),
  },
  {
    ...LEGACY_ROUTE,
    path: "/open-apis/authen/v1/oidc/access_token",
    answer: (sandbox, request) => redeemLegacyCode(sandbox, request, "oidc"),
  },
  {
    ...LEGACY_ROUTE,
    path: "/open-apis/authen/v1/oidc/refresh_access_token",
    answer: (sandbox, request) => refreshLegacy(sandbox, request, "oidc"),
  },
  {
    ...OAUTH,
    path: "/open-apis/authen/v2/oauth/token",
    answer: (sandbox, request) => answerOauthToken(sandbox, request, "v2"),
  },
  {
    ...OAUTH,
    path: "/oauth/v3/token",
    answer: (sandbox, request) => answerOauthToken(sandbox, request, "v3"),
  },
  { ...OAUTH, path: "/oauth/v1/device_authorization", answer: startDevice },
  { ...OAUTH, path: "/open-apis/authen/v2/oauth/device_authorization", answer: startDeviceWithoutSecret },
  { ...OAUTH, path: REGISTRATION_PATH, answer: answerRegistration },
  { ...GATEWAY, path: REGISTRATION_PAGE, answer: showRegistrationPage },
  { ...GATEWAY, path: BROKEN_REGISTRATION_PAGE, answer: showBrokenPage },
  { ...OAUTH, path: REGISTRATION_PAGE, answer: decideOnRegistrationPage },
  { ...OAUTH, path: REVOKE_PATH, answer: revokeToken },
  { ...GATEWAY, path: VERIFY_PATH, answer: showDevicePage },
  { ...OAUTH, path: VERIFY_PATH, answer: decideOnDevicePage },
  { ...GATEWAY, path: AUTHORIZE_PATH, answer: showAuthorizePage },
  { ...GATEWAY, path: "/open-apis/authen/v1/index", answer: showIndexPage },
  { ...OAUTH, path: AUTHORIZE_PATH, answer: decideOnAuthorizePage },
  { ...GATEWAY, path: "/open-apis/authen/v1/user_info", answer: userInfo },
  { ...GATEWAY, path: "/open-apis/contact/v3/scopes", answer: contactScopes },
  { ...GATEWAY, path: APPLICATION_PATH, answer: showApplication },
  { ...GATEWAY, path: "/open-apis/bot/v3/info", answer: showBot },
];

/** Every other API, whatever its path: the services behind the gateway are not simulated. */
const OTHER_APIS: readonly Route[] = METHODS.map((method) => ({
  ...GATEWAY,
  method,
  path: "/open-apis/*",
  answer: answerAnyApi,
}));

/** The endpoints for tokens are all listed above: below these folders Feishu answers any other path with 404. */
const OTHER_API = /^\/open-apis\/(?!auth(?:en)?(?:\/|$))[^/]+/;

/** The endpoint for this method and path. Accepts one trailing slash, as Feishu does. */
export function findRoute(method: string, path: string): Route | undefined {
  const bare = path.endsWith("/") ? path.slice(0, -1) : path;
  const listed = ROUTES.find((route) => route.method === method && fits(route.path, bare));
  if (listed !== undefined || !OTHER_API.test(bare)) return listed;
  return OTHER_APIS.find((route) => route.method === method);
}

function fits(pattern: string, path: string): boolean {
  if (!pattern.includes(":")) return pattern === path;
  const [wanted, given] = [pattern.split("/"), path.split("/")];
  return wanted.length === given.length &&
    wanted.every((segment, index) =>
      segment.startsWith(":") ? given[index] !== "" : segment === given[index]
    );
}
