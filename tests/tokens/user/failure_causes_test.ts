import assert from "node:assert/strict";
import type { FeishuAnswer, FeishuPort } from "../../../src/ports/feishu.ts";
import { createFeishuClient } from "../../../src/feishu/feishu_client.ts";
import { createHosts } from "../../../src/feishu/hosts.ts";
import { NO_LOGINS } from "../../support/no_logins.ts";
import { failure, TokenWorld } from "../../support/token_world.ts";
import { withoutPauses } from "../../support/skipping_clock.ts";

const DEFAULT_TTL_MS = 300_000;
const NO_PROXY_THERE = { en: "the proxy does not answer", zh: "代理没有响应" };

/** A Feishu that cannot be reached. */
function unreachable(): FeishuPort & { calls: number } {
  const port = {
    ...NO_LOGINS,
    calls: 0,
    issueAppToken(): Promise<FeishuAnswer> {
      port.calls++;
      return Promise.resolve({ kind: "unanswered", sent: false, timedOut: false, detail: NO_PROXY_THERE });
    },
    issueTenantToken(): Promise<FeishuAnswer> {
      return port.issueAppToken();
    },
    refreshUserToken(): Promise<FeishuAnswer> {
      return port.issueAppToken();
    },
  };
  return port;
}

/** A Feishu that gives every call the same answer. */
function answering(world: TokenWorld, text: string, init: ResponseInit): FeishuPort {
  return createFeishuClient({
    fetch: () => Promise.resolve(new Response(text, init)),
    clock: world.clock,
    hosts: createHosts({ baseUrl: world.sandbox.url }),
    version: "test",
  });
}

Deno.test("appToken() tells the cause when Feishu cannot be reached, to callers that come during the pause too", async () => {
  await using world = await TokenWorld.create();
  const feishu = unreachable();
  const { tokens } = await world.start({ clock: withoutPauses(world), feishu });
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
  const { tokens } = await world.start({ clock: withoutPauses(world), feishu: unreachable() });
  const error = await failure(tokens.refreshUserToken(world.credentials, presented, world.call()));
  assert.equal(error.code, "feishu_unavailable");
  assert.deepEqual(error.detail.detail, NO_PROXY_THERE);
});

Deno.test("appToken() tells no cause of an earlier failure when the latest is another one", async () => {
  await using world = await TokenWorld.create();
  const feishu = unreachable();
  const { tokens } = await world.start({ clock: withoutPauses(world), feishu });
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

Deno.test("appToken() names the status of a page that a gateway answers with, each time that it fails", async () => {
  await using world = await TokenWorld.create();
  const page = { status: 503, headers: { "content-type": "text/html", "retry-after": "30" } };
  const { tokens } = await world.start({ feishu: answering(world, "<html>planted</html>", page) });
  for (const _time of ["first", "second", "third"]) {
    for (const _caller of ["who asks", "who comes during the pause"]) {
      const error = await failure(tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call()));
      assert.equal(error.code, "feishu_unavailable");
      assert.match(error.message, /: HTTP 503, no JSON object \(text\/html, 20 characters\)$/);
    }
    world.age(3_600_000);
  }
});

Deno.test("refreshUserToken() names OAuth's own error, also to those who come after the mark", async () => {
  await using world = await TokenWorld.create();
  const presented = await world.login("v2");
  const text = '{"error":"invalid_grant","error_description":"planted"}';
  const { tokens } = await world.start({ feishu: answering(world, text, { status: 400 }) });
  for (const _time of ["first", "second"]) {
    const error = await failure(tokens.refreshUserToken(world.credentials, presented, world.call()));
    assert.equal(error.code, "refresh_token_invalid");
    assert.match(error.message, /: HTTP 400, error invalid_grant$/);
  }
});

Deno.test.each([
  [20037, "refresh_token_expired", /the year .* is over\. .*365 days/],
  [20021, "user_unavailable", /^This user has resigned\. /],
  [21001, "authorization_required", /denies .*\. Only the tenant's administrator can help/],
])("refreshUserToken() says what %i means, also to those who come later", async (code, errorCode, words) => {
  await using world = await TokenWorld.create();
  const presented = await world.login("v2");
  const feishu = answering(world, JSON.stringify({ code, error: "planted" }), { status: 400 });
  const { tokens } = await world.start({ clock: withoutPauses(world), feishu });
  for (const _time of ["first", "second"]) {
    const error = await failure(tokens.refreshUserToken(world.credentials, presented, world.call()));
    assert.equal(error.code, errorCode);
    assert.match(error.sentence(), words);
  }
});

Deno.test("refreshUserToken() names the page of a security check in every process, and logs it nowhere", async () => {
  await using world = await TokenWorld.create();
  const presented = await world.login("v2");
  const challenge_url = "https://accounts.feishu.cn/challenge?flow=planted";
  const asking = answering(world, JSON.stringify({ code: 21000, challenge_url }), { status: 400 });
  const readingStatus = unreachable();
  for (const feishu of [asking, readingStatus]) {
    const { tokens } = await world.start({ clock: withoutPauses(world), feishu });
    const error = await failure(tokens.refreshUserToken(world.credentials, presented, world.call()));
    assert.equal(error.code, "authorization_required");
    assert.equal(error.report().challenge_url, challenge_url);
    assert.match(error.sentence(), /open https:\/\/accounts\.feishu\.cn\/challenge\?flow=planted and pass/);
  }
  assert.equal(readingStatus.calls, 0);
  assert.doesNotMatch(JSON.stringify(world.log.lines), /flow=planted/);
});
