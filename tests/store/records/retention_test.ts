import assert from "node:assert/strict";
import {
  expiryAt,
  keepLeaseUntilMs,
  keepStatusUntilMs,
  keepTokenUntilMs,
} from "../../../src/store/records/retention.ts";
import { APP_NAME, appRecord, callerName, GRANT_NAME, lease, status, userRecord } from "../samples.ts";

const NOW_MS = Date.UTC(2026, 0, 2, 3);
const DAY_MS = 86_400_000;

Deno.test("keepTokenUntilMs() keeps an app token to its end", () => {
  const record = appRecord();
  assert.equal(keepTokenUntilMs(APP_NAME, record, NOW_MS), record.token.expiresAtMs);
});

Deno.test("keepTokenUntilMs() keeps a caller's pair as long as its refresh token lives", () => {
  const record = userRecord();
  assert.equal(keepTokenUntilMs(callerName(), record, NOW_MS), record.token.refreshExpiresAtMs);
});

Deno.test("keepTokenUntilMs() keeps a caller's pair 365 days when Feishu gave its refresh token no end", () => {
  const { refreshExpiresAtMs: _end, ...token } = userRecord().token;
  assert.equal(keepTokenUntilMs(callerName(), userRecord({ token }), NOW_MS), NOW_MS + 365 * DAY_MS);
});

Deno.test("keepTokenUntilMs() never drops a caller's pair while its access token works", () => {
  const { token } = userRecord();
  const record = userRecord({ token: { ...token, refreshExpiresAtMs: token.expiresAtMs - 60_000 } });
  assert.equal(keepTokenUntilMs(callerName(), record, NOW_MS), token.expiresAtMs);
});

Deno.test("a login's pair is kept as a caller's is, and for a day what became of its code", () => {
  const name = { ...callerName(), kind: "login" } as const;
  const record = userRecord();
  assert.equal(keepTokenUntilMs(name, record, NOW_MS), record.token.refreshExpiresAtMs);
  assert.equal(keepLeaseUntilMs(name, lease(), NOW_MS), NOW_MS + DAY_MS);
  assert.equal(keepStatusUntilMs(name, status(), NOW_MS), NOW_MS + DAY_MS);
});

Deno.test("keepTokenUntilMs() keeps a grant for ever", () => {
  assert.equal(keepTokenUntilMs(GRANT_NAME, userRecord(), NOW_MS), null);
});

Deno.test.each<[number | null, { expireIn?: number }]>([
  [null, {}],
  [1_500.9, { expireIn: 500 }],
  [1_000, { expireIn: 0 }],
  [-5, { expireIn: 0 }],
])("expiryAt() of %s, at 1000, is %j", (untilMs, options) => {
  assert.deepEqual(expiryAt(untilMs, 1_000), options);
});

Deno.test("expiryAt() is always something that KV takes", async () => {
  using kv = await Deno.openKv(":memory:");
  for (const untilMs of [null, -1, 0.5, 1e12]) await kv.set(["key"], 1, expiryAt(untilMs, 0));
});
