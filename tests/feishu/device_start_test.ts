import assert from "node:assert/strict";
import { buildDeviceStart, readDeviceStart } from "../../src/feishu/device_start.ts";
import { createHosts } from "../../src/feishu/hosts.ts";
import type { DeviceStart, Refusal } from "../../src/ports/feishu.ts";
import { Secret } from "../../src/secret.ts";
import { SENT_AT_MS, wireAnswer } from "./wire_answer.ts";

const PAGE = "https://accounts.feishu.cn/oauth/v1/device/verify";
const ANSWER = {
  device_code: "planted-device-code",
  user_code: "Z5QJ-KR82",
  verification_uri: PAGE,
  verification_uri_complete: `${PAGE}?flow_id=f&user_code=Z5QJ-KR82`,
  expires_in: 600,
  interval: 5,
};

function started(body: object): DeviceStart {
  const answer = readDeviceStart(wireAnswer(body));
  assert(answer.kind === "started", answer.kind);
  return answer.device;
}

function refused(body: string | object, status = 400): Refusal {
  const answer = readDeviceStart(wireAnswer(body, { status }));
  assert(answer.kind === "refused", answer.kind);
  return answer.refusal;
}

Deno.test("`buildDeviceStart()` proves the app in the body of a form, and asks for a refresh token", () => {
  const request = buildDeviceStart(createHosts(), {
    credentials: { brand: "lark", appId: "cli_a", appSecret: new Secret("s-1") },
    scopes: ["docx:document", "im:message"],
    timeoutMs: 1000,
  });
  assert.deepEqual(request, {
    url: "https://accounts.larksuite.com/oauth/v1/device_authorization",
    encoding: "form",
    body: { client_id: "cli_a", client_secret: "s-1", scope: "docx:document im:message offline_access" },
  });
});

Deno.test("`readDeviceStart()` reads Feishu's answer", () => {
  const { deviceCode, ...rest } = started(ANSWER);
  assert.equal(deviceCode.reveal(), "planted-device-code");
  assert.deepEqual(rest, {
    userCode: "Z5QJ-KR82",
    verificationUrl: PAGE,
    completeUrl: `${PAGE}?flow_id=f&user_code=Z5QJ-KR82`,
    expiresAtMs: SENT_AT_MS + 600_000,
    intervalMs: 5_000,
  });
});

Deno.test("`readDeviceStart()` reads the same inside `data`", () => {
  assert.equal(started({ code: 0, data: ANSWER }).userCode, "Z5QJ-KR82");
});

Deno.test.each([
  [{ expires_in: undefined, expire_in: 240 }, 240_000, 5_000],
  [{ expires_in: "300", interval: "7" }, 300_000, 7_000],
  [{ expires_in: undefined, interval: undefined }, 600_000, 5_000],
  [{ expires_in: 0, interval: 0 }, 600_000, 5_000],
  [{ expires_in: 864_000, interval: 100_000 }, 3_600_000, 60_000],
  [{ expires_in: -1, interval: 0.001 }, 600_000, 1_000],
])("`readDeviceStart()` reads the times of %o as %i ms and %i ms", (change, lifeMs, intervalMs) => {
  const device = started({ ...ANSWER, ...change });
  assert.deepEqual([device.expiresAtMs - SENT_AT_MS, device.intervalMs], [lifeMs, intervalMs]);
});

Deno.test.each([
  ["no device code", { device_code: undefined }],
  ["no user code", { user_code: undefined }],
  ["a user code with an escape sequence", { user_code: "\u001b[31mZ5QJ" }],
  ["a user code with a sentence", { user_code: "call 555 and tell them your password" }],
  ["no page", { verification_uri: undefined, verification_uri_complete: undefined }],
  ["a script in place of the page", {
    verification_uri: "javascript:alert(1)",
    verification_uri_complete: 1,
  }],
  ["a page without TLS", {
    verification_uri: "http://evil.test/",
    verification_uri_complete: "http://evil.test",
  }],
  [
    "a page with a user name",
    { verification_uri: "https://accounts.feishu.cn@evil.test/", verification_uri_complete: null },
  ],
])("`readDeviceStart()` starts nothing with %s, and shows nothing of it", (_, change) => {
  const answer = readDeviceStart(wireAnswer({ ...ANSWER, ...change }));
  assert.equal(answer.kind, "unreadable");
  assert.doesNotMatch(Deno.inspect(answer, { depth: 9 }), /planted|evil|script|password/);
});

Deno.test("`readDeviceStart()` leaves out a filled-in page that nobody may be sent to", () => {
  assert.equal(
    started({ ...ANSWER, verification_uri_complete: "file:///etc/passwd" }).completeUrl,
    undefined,
  );
});

Deno.test("`readDeviceStart()` takes the page of a sandbox on this machine", () => {
  const page = "http://127.0.0.1:8082/oauth/v1/device/verify";
  assert.equal(started({ ...ANSWER, verification_uri: page }).verificationUrl, page);
});

Deno.test.each([
  [{ error: "invalid_scope", error_description: "…" }, "config", "scope_unknown"],
  [{ error: "invalid_client", code: 20002 }, "config", "credentials_refused"],
  [{ error: "invalid_client", code: 20048 }, "config", "credentials_refused"],
  [{ error: "invalid_request", error_description: "…: client_secret." }, "config", "feishu_refused"],
])("`readDeviceStart()` reads %o as %s, %s", (body, verdict, errorCode) => {
  const refusal = refused(body);
  assert.deepEqual([refusal.verdict, refusal.errorCode], [verdict, errorCode]);
});

Deno.test("`readDeviceStart()` says of a 403 without JSON that the scopes or their order may be why", () => {
  const refusal = refused("<html>Forbidden</html>", 403);
  assert.deepEqual([refusal.verdict, refusal.errorCode, refusal.httpStatus], [
    "transient",
    "feishu_unavailable",
    403,
  ]);
  assert.match(refusal.told?.nextStep.en ?? "", /order/);
  assert.match(refusal.told?.nextStep.zh ?? "", /顺序/);
});
