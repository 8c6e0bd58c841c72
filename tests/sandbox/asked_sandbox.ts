import assert from "node:assert/strict";
import { deliver } from "../../src/sandbox/deliver.ts";
import { readFeishuRequest } from "../../src/sandbox/feishu_request.ts";
import { OffsetClock } from "../../src/sandbox/offset_clock.ts";
import { DEFAULT_SANDBOX_APP, type SandboxApp } from "../../src/sandbox/sandbox_apps.ts";
import { createSandbox, type Sandbox } from "../../src/sandbox/sandbox.ts";
import type { Generation } from "../../src/sandbox/token_lifetimes.ts";
import { type IssuedPair, logIn } from "../../src/sandbox/user_tokens.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { SeededRandom } from "./seeded_random.ts";

/** What a test sends besides path and body. */
export interface AskOptions {
  readonly method?: string;
  readonly authorization?: string;
  readonly contentType?: string;
  readonly query?: Readonly<Record<string, string>>;
}

/** What a test looks at in an answer. */
export interface Asked {
  readonly status: number;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body as JSON; empty when it is none. */
  readonly json: Readonly<Record<string, unknown>>;
}

export const PATHS = {
  appToken: "/open-apis/auth/v3/app_access_token/internal",
  tenantToken: "/open-apis/auth/v3/tenant_access_token/internal",
  v1: "/open-apis/authen/v1/refresh_access_token",
  v1Code: "/open-apis/authen/v1/access_token",
  oidc: "/open-apis/authen/v1/oidc/refresh_access_token",
  oidcCode: "/open-apis/authen/v1/oidc/access_token",
  v2: "/open-apis/authen/v2/oauth/token",
  v3: "/oauth/v3/token",
  device: "/oauth/v1/device_authorization",
  deviceOpen: "/open-apis/authen/v2/oauth/device_authorization",
  revoke: "/oauth/v1/revoke",
  authorize: "/open-apis/authen/v1/authorize",
  userInfo: "/open-apis/authen/v1/user_info",
  scopes: "/open-apis/contact/v3/scopes",
} as const;

/** The scope under which refresh tokens are given. */
export const SCOPE = "auth:user.id:read offline_access";

/** A sandbox on a clock that stands still, asked without HTTP. */
export class AskedSandbox {
  readonly clock: OffsetClock = new OffsetClock(new ManualClock());
  readonly sandbox: Sandbox = createSandbox({ clock: this.clock, random: new SeededRandom(1) });

  /** Sends a body: an object as JSON, a string as it is. */
  async ask(path: string, body: unknown, options: AskOptions = {}): Promise<Asked> {
    const { method = "POST", authorization, contentType = "application/json", query } = options;
    const request = readFeishuRequest({
      method,
      path,
      query: new URLSearchParams({ ...query }),
      authorization,
      contentType,
      body: typeof body === "string" ? body : JSON.stringify(body),
      logId: "log-of-test",
    });
    const call = this.sandbox.calls.arrived({
      at: this.clock.now() / 1000,
      method,
      path,
      log_id: "log-of-test",
    });
    const { signal } = new AbortController();
    const delivery = await deliver(this.sandbox, request, call, { closing: signal, clientGone: signal });
    assert(delivery.kind === "answer");
    const { answer } = delivery;
    return {
      status: answer.status,
      contentType: answer.contentType,
      headers: answer.headers ?? {},
      text: answer.body,
      json: answer.contentType.includes("json") ? JSON.parse(answer.body) : {},
    };
  }

  /** Logs a user in; the scope grants a refresh token. */
  logIn(generation: Generation, app: SandboxApp = DEFAULT_SANDBOX_APP, scope = SCOPE): Promise<IssuedPair> {
    return logIn(this.sandbox, generation, this.sandbox.user(app, "Ada"), scope);
  }

  /** An authorization code of a user. */
  code(app: SandboxApp = DEFAULT_SANDBOX_APP, scope = SCOPE): string {
    const code = this.sandbox.mint.code();
    const user = this.sandbox.user(app, "Ada");
    this.sandbox.codes.add(code, { user, scope, atMs: this.clock.now() });
    return code;
  }

  /** `Bearer` and a live app token. */
  appAuthorization(app: SandboxApp = DEFAULT_SANDBOX_APP): string {
    return `Bearer ${this.sandbox.appTokens.issue(app.appId, this.clock.now()).token}`;
  }

  /** Presents a refresh token where its generation wants it, as that generation wants it. */
  refresh(
    generation: Generation,
    refreshToken: string | undefined,
    app = DEFAULT_SANDBOX_APP,
  ): Promise<Asked> {
    const grant = { grant_type: "refresh_token", refresh_token: refreshToken };
    if (generation === "v1" || generation === "oidc") {
      return this.ask(PATHS[generation], grant, { authorization: this.appAuthorization(app) });
    }
    return this.ask(PATHS[generation], { ...grant, client_id: app.appId, client_secret: app.appSecret });
  }
}

/** The object in `data`, as the older endpoints nest their answers. */
export function dataOf(asked: Asked): Readonly<Record<string, unknown>> {
  const { data } = asked.json;
  assert(typeof data === "object" && data !== null);
  return { ...data };
}

/** Asserts that `value` is a string, and returns it. */
export function text(value: unknown): string {
  assert(typeof value === "string");
  return value;
}
