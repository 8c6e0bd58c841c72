import assert from "node:assert/strict";
import type { FeishuAnswer, FeishuPort } from "../../src/ports/feishu.ts";
import { failure, TokenWorld } from "../support/token_world.ts";

const DEFAULT_TTL_MS = 300_000;
const NO_PROXY_THERE = { en: "the proxy does not answer", zh: "代理没有响应" };

/** A Feishu that cannot be reached. */
function unreachable(): FeishuPort & { calls: number } {
  const port = {
    calls: 0,
    issueAppToken(): Promise<FeishuAnswer> {
      port.calls++;
      return Promise.resolve({ kind: "unanswered", sent: false, timedOut: false, detail: NO_PROXY_THERE });
    },
    refreshUserToken(): Promise<FeishuAnswer> {
      return port.issueAppToken();
    },
  };
  return port;
}

Deno.test("appToken() tells the cause when Feishu cannot be reached, to whoever comes during the pause too", async () => {
  await using world = await TokenWorld.create();
  const feishu = unreachable();
  const { tokens } = await world.start({ feishu });
  const first = await failure(tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call()));
  const calls = feishu.calls;
  const second = await failure(tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call()));
  assert.equal(feishu.calls, calls);
  for (const error of [first, second]) {
    assert.equal(error.code, "feishu_unavailable");
    assert.match(error.report({ language: "en" }).message, /: the proxy does not answer$/);
    assert.match(error.report({ language: "zh" }).message, /：代理没有响应$/);
  }
});

Deno.test("refreshUserToken() tells the cause when Feishu cannot be reached", async () => {
  await using world = await TokenWorld.create();
  const presented = await world.login("v2");
  const { tokens } = await world.start({ feishu: unreachable() });
  const error = await failure(tokens.refreshUserToken(world.credentials, presented, world.call()));
  assert.equal(error.code, "feishu_unavailable");
  assert.deepEqual(error.detail.detail, NO_PROXY_THERE);
});

Deno.test("appToken() tells no cause of an earlier failure when the latest is another one", async () => {
  await using world = await TokenWorld.create();
  const feishu = unreachable();
  const { tokens } = await world.start({ feishu });
  await failure(tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call()));
  feishu.issueAppToken = () =>
    Promise.resolve({
      kind: "refused",
      refusal: {
        verdict: "transient",
        mayHaveConsumed: false,
        errorCode: "rate_limited",
        httpStatus: 429,
        retryAfterMs: 30_000,
      },
    });
  world.age(60_000);
  const error = await failure(tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call()));
  assert.deepEqual([error.code, error.detail.detail], ["rate_limited", undefined]);
});
