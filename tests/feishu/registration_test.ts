import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import { createHosts } from "../../src/feishu/hosts.ts";
import { buildRegistrationPoll, readRegistrationPoll } from "../../src/feishu/registration_poll.ts";
import {
  buildRegistrationStart,
  readRegistrationStart,
  registrationAddons,
} from "../../src/feishu/registration_start.ts";
import type { WireAnswer } from "../../src/feishu/wire.ts";
import type { RegistrationPollAnswer } from "../../src/ports/registration_port.ts";
import { Secret } from "../../src/secret.ts";

const HOSTS = createHosts();
const BEGUN = {
  device_code: "planted code",
  user_code: "4LLH-3FGX",
  verification_uri: "https://x.invalid/launcher",
};

function answer(status: number, body: unknown): WireAnswer {
  return {
    kind: "answered",
    status,
    headers: new Headers(),
    text: JSON.stringify(body),
    sentAtMs: 1_000,
    receivedAtMs: 2_000,
  };
}

function polled(status: number, body: unknown, brand: "feishu" | "lark" = "feishu"): RegistrationPollAnswer {
  return readRegistrationPoll(answer(status, body), { brand, intervalMs: 5_000 });
}

for (const brand of ["feishu", "lark"] as const) {
  Deno.test(`a registration for ${brand} begins at Feishu, and shows the page of ${brand} that works`, async () => {
    assert.equal(buildRegistrationStart(HOSTS).url, "https://accounts.feishu.cn/oauth/v1/app/registration");
    const request = { brand, name: "work", scopes: ["docx:document"], timeoutMs: 1 };
    const started = readRegistrationStart(
      answer(200, { ...BEGUN, expire_in: 3600, interval: 5 }),
      request,
      await registrationAddons(request.scopes),
      HOSTS,
    );
    assert(started.kind === "started");
    const { pageUrl, expiresAtMs, intervalMs } = started.registration;
    assert.deepEqual([expiresAtMs, intervalMs], [3_601_000, 5_000]);
    const url = new URL(pageUrl);
    const host = brand === "lark" ? "open.larksuite.com" : "open.feishu.cn";
    assert.equal(url.origin + url.pathname, `https://${host}/page/cli`);
    assert.equal(url.searchParams.get("createOnly"), "true");
    assert.equal(url.searchParams.get("user_code"), "4LLH-3FGX");
    assert.doesNotMatch(pageUrl, /planted/);
    const addons = url.searchParams.get("addons") ?? "";
    assert.match(addons, /^[A-Za-z0-9_-]+$/);
    assert.deepEqual(JSON.parse(gunzipSync(Buffer.from(addons, "base64url")).toString()), {
      scopes: { tenant: [], user: ["docx:document", "offline_access"] },
    });
  });
}

Deno.test("an app in the answer to a poll is read, with the person and the brand", () => {
  const body = {
    client_id: "cli_1",
    client_secret: "s",
    user_info: { open_id: "ou_1", tenant_brand: "feishu" },
  };
  const found = polled(200, body);
  assert(found.kind === "registered");
  const { appSecret, ...rest } = found.app;
  assert.deepEqual([rest, appSecret.reveal()], [{ appId: "cli_1", brand: "feishu", openId: "ou_1" }, "s"]);
});

Deno.test("polling moves to Lark once, and takes an app without a person there", () => {
  const body = { error: "authorization_pending", user_info: { tenant_brand: "lark" } };
  assert.equal(polled(400, body).kind, "moved");
  assert.equal(polled(400, body, "lark").kind, "pending");
  assert.equal(polled(200, { client_id: "cli_1", client_secret: "s" }, "lark").kind, "registered");
  const { url } = buildRegistrationPoll(HOSTS, {
    brand: "lark",
    deviceCode: new Secret("code"),
    intervalMs: 1,
    timeoutMs: 1,
  });
  assert.equal(url, "https://accounts.larksuite.com/oauth/v1/app/registration");
});

for (
  const [status, body, kind] of [
    [200, {}, "pending"],
    [200, { client_id: "cli_1" }, "pending"],
    [400, { error: "authorization_pending" }, "pending"],
    [400, { code: 20094 }, "pending"],
    [400, { error: "access_denied" }, "denied"],
    [400, { error: "access_denied", error_description: "The tenant does not allow this" }, "forbidden"],
    [400, { error: "expired_token" }, "expired"],
    [400, { error: "invalid_grant" }, "gone"],
    [502, {}, "refused"],
  ] as const
) {
  Deno.test(`a poll that is answered with ${status} ${JSON.stringify(body)} is ${kind}`, () => {
    assert.equal(polled(status, body).kind, kind);
  });
}

Deno.test("a poll that was too fast makes the next pause longer", () => {
  const slower = polled(400, { error: "slow_down" });
  assert.deepEqual(slower, { kind: "pending", intervalMs: 10_000, isAwaitingApproval: false });
});

Deno.test("a poll says that an administrator has to agree", () => {
  const body = { error: "authorization_pending", error_description: "The app is waiting for approval." };
  assert.deepEqual(polled(400, body), { kind: "pending", intervalMs: 5_000, isAwaitingApproval: true });
});
