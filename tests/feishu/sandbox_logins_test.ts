import assert from "node:assert/strict";
import { createFeishuClient } from "../../src/feishu/feishu_client.ts";
import { createHosts } from "../../src/feishu/hosts.ts";
import { Mask } from "../../src/log/mask.ts";
import { maskingFeishu } from "../../src/log/masking_feishu.ts";
import type { AppCredentials, DeviceStart, FeishuAnswer, FeishuPort } from "../../src/ports/feishu.ts";
import { nextCodeEndpoint } from "../../src/ports/next_code_endpoint.ts";
import { DEFAULT_SANDBOX_APP } from "../../src/sandbox/sandbox_apps.ts";
import { Secret } from "../../src/secret.ts";
import { ListeningSandbox } from "../sandbox/served_sandbox.ts";
import { plainAnswer } from "./plain_answer.ts";

const CREDENTIALS: AppCredentials = {
  brand: "feishu",
  appId: DEFAULT_SANDBOX_APP.appId,
  appSecret: new Secret(DEFAULT_SANDBOX_APP.appSecret),
};
const REDIRECT = "http://127.0.0.1:9999/callback";
const VERIFIER = new Secret("v".repeat(43));
const timeoutMs = 5_000;

/** Feishu's client and the sandbox that it reaches, over HTTP. */
class World implements AsyncDisposable {
  readonly sandbox: ListeningSandbox;
  readonly mask = new Mask();
  readonly feishu: FeishuPort;

  private constructor(sandbox: ListeningSandbox) {
    this.sandbox = sandbox;
    const client = createFeishuClient({
      fetch: (url, init) =>
        fetch(url, { ...init, headers: [...new Headers(init.headers), ["connection", "close"]] }),
      clock: sandbox.clock,
      hosts: createHosts({ baseUrl: sandbox.url }),
      version: "test",
    });
    this.feishu = maskingFeishu(client, this.mask);
  }

  static async start(): Promise<World> {
    return new World(await ListeningSandbox.start());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.sandbox.close();
  }

  async control(call: string, body: object): Promise<Readonly<Record<string, unknown>>> {
    const { status, json, text } = await this.sandbox.send("POST", `/_sandbox/${call}`, body);
    assert.equal(status, 200, text);
    return json;
  }

  async startDevice(scopes = ["docx:document"]): Promise<DeviceStart> {
    const answer = await this.feishu.startDevice({ credentials: CREDENTIALS, scopes, timeoutMs });
    assert(answer.kind === "started", answer.kind);
    return answer.device;
  }

  poll({ deviceCode, intervalMs }: DeviceStart, endpoint: "v2" | "v3" = "v2"): Promise<FeishuAnswer> {
    return this.feishu.redeemDeviceCode({
      endpoint,
      credentials: CREDENTIALS,
      deviceCode,
      intervalMs,
      timeoutMs,
    });
  }

  /** What the browser brings back from the page. */
  async authorize(): Promise<Secret> {
    const url = this.feishu.authorizeUrl({
      credentials: CREDENTIALS,
      redirectUri: REDIRECT,
      scopes: ["docx:document"],
      state: new Secret("state-of-test"),
      verifier: VERIFIER,
    });
    const response = await fetch(url, { redirect: "manual", headers: { connection: "close" } });
    await response.body?.cancel();
    const back = new URL(response.headers.get("location") ?? "");
    assert.equal(back.searchParams.get("state"), "state-of-test");
    return new Secret(back.searchParams.get("code") ?? "");
  }

  redeem(code: Secret, endpoint: "v2" | "v3", verifier = VERIFIER): Promise<FeishuAnswer> {
    return this.feishu.redeemCode({
      endpoint,
      credentials: CREDENTIALS,
      code,
      redirectUri: REDIRECT,
      verifier,
      timeoutMs,
    });
  }
}

function refusal(answer: FeishuAnswer): readonly unknown[] {
  assert(answer.kind === "refused", answer.kind);
  const { verdict, errorCode, retryAfterMs } = answer.refusal;
  return [verdict, errorCode, retryAfterMs];
}

Deno.test.each([["v2"], ["v3"]] as const)(
  "a login by the device flow, from its link to its end, on %s",
  async (endpoint) => {
    await using world = await World.start();
    const { feishu } = world;
    const device = await world.startDevice();
    assert.deepEqual(refusal(await world.poll(device, endpoint)), ["pending", "login_pending", 5_000]);
    assert.deepEqual(refusal(await world.poll(device, endpoint)), ["pending", "login_pending", 10_000]);
    await world.control("device", { user_code: device.userCode, action: "approve", user: "Grace" });

    const answer = await world.poll(device, endpoint);
    assert(answer.kind === "issued", answer.kind);
    const { accessToken, refreshToken = assert.fail(), scope } = answer.token;
    assert.equal(scope, "auth:user.id:read docx:document offline_access");
    const authorizedAtS = Math.floor(world.sandbox.clock.now() / 1000);
    assert.deepEqual([answer.claims?.timeS, answer.claims?.endsS], [
      authorizedAtS,
      authorizedAtS + 31_536_000,
    ]);

    const who = await feishu.userInfo({ brand: "feishu", accessToken, timeoutMs });
    assert(who.kind === "user", who.kind);
    assert.equal(who.user.name, "Grace");
    assert.match(who.user.openId, /^ou_/);

    assert.deepEqual(refusal(await world.poll(device, endpoint)), [
      "ambiguous",
      "login_outcome_unknown",
      undefined,
    ]);
    const ended = await feishu.revoke({
      credentials: CREDENTIALS,
      token: refreshToken,
      tokenType: "refresh_token",
      timeoutMs,
    });
    assert.equal(ended.kind, "revoked");
    const after = await feishu.userInfo({ brand: "feishu", accessToken, timeoutMs });
    assert(after.kind === "refused");
    assert.equal(after.refusal.errorCode, "not_logged_in");
  },
);

Deno.test.each(
  [
    ["deny", "login_denied"],
    ["expire", "login_expired"],
  ] as const,
)("a login by the device flow that ends in %s", async (action, errorCode) => {
  await using world = await World.start();
  const device = await world.startDevice();
  await world.control("device", { user_code: device.userCode, action });
  assert.deepEqual(refusal(await world.poll(device)), ["permanent", errorCode, undefined]);
});

Deno.test("a device login whose one answer was lost is told of as that", async () => {
  await using world = await World.start();
  const device = await world.startDevice();
  await world.control("device", { user_code: device.userCode, action: "approve" });
  await world.sandbox.fault({ path: "oauth/token", kind: "drop_after", times: 1 });
  const lost = await world.poll(device);
  assert(lost.kind === "unanswered");
  assert.equal(lost.sent, true);
  assert.deepEqual(refusal(await world.poll(device)), ["ambiguous", "login_outcome_unknown", undefined]);
});

Deno.test("a scope that nobody knows, and a filter in front of Feishu", async () => {
  await using world = await World.start();
  const request = { credentials: CREDENTIALS, scopes: ["docx:documnt"], timeoutMs };
  const unknown = await world.feishu.startDevice(request);
  assert(unknown.kind === "refused");
  assert.equal(unknown.refusal.errorCode, "scope_unknown");
  await world.sandbox.fault({ path: "device_authorization", kind: "http", status: 403 });
  const blocked = await world.feishu.startDevice(request);
  assert(blocked.kind === "refused");
  assert.deepEqual([blocked.refusal.errorCode, blocked.refusal.verdict], ["feishu_unavailable", "transient"]);
});

Deno.test("a device login works behind a proxy that takes `Authorization` out", async () => {
  await using world = await World.start();
  await world.control("behaviour", { strip_authorization: true });
  assert.match((await world.startDevice()).userCode, /-/);
});

Deno.test.each([["v2"], ["v3"]] as const)("a login in the browser on %s", async (endpoint) => {
  await using world = await World.start();
  await world.control("consent", { mode: "approve", user: "Ada" });
  const code = await world.authorize();
  const answer = await world.redeem(code, endpoint);
  assert(answer.kind === "issued", JSON.stringify(answer));
  assert.match(answer.claims?.id ?? "", /^\d+$/);
  assert.deepEqual(refusal(await world.redeem(code, endpoint)), [
    "ambiguous",
    "login_code_invalid",
    undefined,
  ]);
});

Deno.test("a code that v3 refuses for its challenge goes to v2 once", async () => {
  await using world = await World.start();
  await world.control("behaviour", { v3_pkce: false });
  await world.control("consent", { mode: "approve" });
  const code = await world.authorize();
  const first = await world.redeem(code, "v3");
  assert.deepEqual(refusal(first), ["wrong_endpoint", "login_code_invalid", undefined]);
  const next = nextCodeEndpoint("v3", first) ?? assert.fail();
  assert.equal((await world.redeem(code, next)).kind, "issued");
});

Deno.test("a code that is five minutes old is worth nothing", async () => {
  await using world = await World.start();
  await world.control("consent", { mode: "approve" });
  const code = await world.authorize();
  world.sandbox.clock.advance(300_000);
  assert.deepEqual(refusal(await world.redeem(code, "v2")), ["permanent", "login_expired", undefined]);
});

Deno.test("no answer and no log line shows a secret of a login", async () => {
  await using world = await World.start();
  await world.control("consent", { mode: "approve" });
  const device = await world.startDevice();
  const pending = await world.poll(device);
  await world.control("device", { user_code: device.userCode, action: "approve" });
  const issued = await world.poll(device);
  const code = await world.authorize();
  const redeemed = await world.redeem(code, "v2");
  const again = await world.redeem(code, "v2");
  const shown = [device, pending, issued, redeemed, again];
  const secrets = [
    CREDENTIALS.appSecret,
    device.deviceCode,
    code,
    VERIFIER,
    ...[issued, redeemed].flatMap((answer) => {
      assert(answer.kind === "issued");
      return [answer.token.accessToken, answer.token.refreshToken ?? assert.fail()];
    }),
  ].map((secret) => secret.reveal());
  const texts = [
    JSON.stringify(shown),
    Deno.inspect(shown, { depth: 9 }),
    world.mask.apply(`all at once: ${secrets.join(", ")}`),
  ];
  for (const secret of secrets) {
    assert(secret.length >= 8);
    for (const text of texts) assert(!text.includes(secret), "A secret is shown");
  }
  assert(JSON.stringify(plainAnswer(issued)).includes(secrets.at(4) ?? "?"));
});
