import assert from "node:assert/strict";
import { secondsLeft, toUnixSeconds } from "../../../src/mcp/contract/token_times.ts";
import { Secret } from "../../../src/secret.ts";
import { createTestServer, withClient } from "../test_server.ts";

const NOW_MS = 1_767_323_045_600;

Deno.test.each<[number, number | undefined, number]>([
  [7_200_999, 7_200_000, 7_200],
  [59_999, 7_200_000, 59],
  [-1, 7_200_000, 0],
  [86_400_000, 7_200_000, 7_200],
  [86_400_000, undefined, 86_400],
])("secondsLeft() of an end in %i ms with a life of %i ms is %i", (inMs, lifetimeMs, seconds) => {
  const ending = { expiresAtMs: NOW_MS + inMs, ...(lifetimeMs === undefined ? {} : { lifetimeMs }) };
  assert.equal(secondsLeft(ending, NOW_MS), seconds);
});

Deno.test("toUnixSeconds() is never later than the true end", () => {
  assert.equal(toUnixSeconds(NOW_MS), 1_767_323_045);
});

Deno.test.each<[string, Record<string, unknown>]>([
  ["get_feishu_app_token", {}],
  ["refresh_feishu_user_token", { refresh_token: "ur-old" }],
  ["report_feishu_token_rejected", { token: "t-refused" }],
])(
  "%s never says that more is left than Feishu granted, as after the clock was set back",
  async (name, given) => {
    const { app, clock, tokens } = createTestServer();
    const times = { expiresAtMs: clock.now() + 86_400_000, lifetimeMs: 7_200_000 };
    const token = { accessToken: new Secret("t-app"), tokenType: "Bearer", replayed: true, ...times };
    tokens.onAppToken = () => Promise.resolve(token);
    tokens.onRefresh = () => Promise.resolve(token);
    tokens.onRejected = () => Promise.resolve({ ...token, kind: "app", isRenewed: false, isSame: false });
    const { structuredContent } = await withClient(
      app,
      (client) => client.callTool({ name, arguments: given }),
    );
    assert.equal((structuredContent as Record<string, unknown>)["expires_in"], 7_200);
  },
);
