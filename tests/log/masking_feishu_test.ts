import assert from "node:assert/strict";
import { Mask } from "../../src/log/mask.ts";
import { maskingFeishu } from "../../src/log/masking_feishu.ts";
import type { FeishuAnswer, FeishuPort } from "../../src/ports/feishu.ts";
import { Secret } from "../../src/secret.ts";

const CREDENTIALS = {
  brand: "feishu",
  appId: "cli_a1",
  appSecret: new Secret("planted app secret"),
} as const;

function feishu(answer: FeishuAnswer): FeishuPort {
  const answered = (): Promise<FeishuAnswer> => Promise.resolve(answer);
  return { issueAppToken: answered, issueTenantToken: answered, refreshUserToken: answered };
}

const ISSUED: FeishuAnswer = {
  kind: "issued",
  token: {
    accessToken: new Secret("planted access"),
    refreshToken: new Secret("planted refresh"),
    expiresAtMs: 1,
    lifetimeMs: 1,
  },
};

Deno.test("maskingFeishu() makes known what a refresh presents and what Feishu issues", async () => {
  const mask = new Mask();
  const answer = await maskingFeishu(feishu(ISSUED), mask).refreshUserToken({
    endpoint: "v2",
    credentials: CREDENTIALS,
    refreshToken: new Secret("presented one"),
    timeoutMs: 1,
  });
  assert.equal(answer, ISSUED);
  assert.equal(
    mask.apply("planted app secret, presented one, planted access, planted refresh"),
    "[secret], [secret], [secret], [secret]",
  );
});

Deno.test("maskingFeishu() makes known the app secret when Feishu issues nothing", async () => {
  const mask = new Mask();
  const detail = { en: "no route", zh: "没有路由" };
  const unanswered: FeishuAnswer = { kind: "unanswered", sent: false, timedOut: false, detail };
  await maskingFeishu(feishu(unanswered), mask).issueAppToken({ credentials: CREDENTIALS, timeoutMs: 1 });
  assert.equal(mask.apply("planted app secret"), "[secret]");
});
