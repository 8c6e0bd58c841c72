import assert from "node:assert/strict";
import { TokenError } from "../../src/errors/token_error.ts";

const FEISHU_CONSOLE = "https://open.feishu.cn/app";
const LARK_CONSOLE = "https://open.larksuite.com/app";
const DETAIL = { en: "no route to open.feishu.cn", zh: "没有到 open.feishu.cn 的网络路由" };

Deno.test("TokenError has an English message for the log, whatever language the answer has", () => {
  const error = new TokenError("feishu_unavailable", { detail: DETAIL });
  error.report({ language: "zh" });
  assert.equal(
    error.message,
    "Feishu could not be reached or could not answer: no route to open.feishu.cn",
  );
});

Deno.test("report() shows message, detail and next step in the reader's language", () => {
  const error = new TokenError("feishu_unavailable", { detail: DETAIL, retryAfterMs: 1_500 });
  assert.deepEqual(error.report({ language: "zh" }), {
    code: "feishu_unavailable",
    kind: "transient",
    message: "无法连接飞书，或飞书未能响应：没有到 open.feishu.cn 的网络路由",
    next_step: "请在 2 秒后重试；如仍失败，请检查网络、代理和 FEISHU_BASE_URL。",
    retry_after_seconds: 2,
  });
});

Deno.test("report() is English when nobody says otherwise", () => {
  const error = new TokenError("rate_limited");
  assert.deepEqual(error.report(), error.report({ language: "en" }));
  assert.equal(error.report().message, "Feishu limits the rate of these calls");
});

Deno.test("report() shows the next step of the case instead of the table's when there is one", () => {
  const nextStep = { en: "Do this.", zh: "请这样做。" };
  const error = new TokenError("rate_limited", { nextStep });
  assert.equal(error.report({ language: "en" }).next_step, nextStep.en);
  assert.equal(error.report({ language: "zh" }).next_step, nextStep.zh);
});

Deno.test.each(["credentials_refused", "app_not_permitted"] as const)(
  "report() names the developer console of the app's brand when the code is %s",
  (code) => {
    const error = new TokenError(code);
    for (const language of ["en", "zh"] as const) {
      const feishu = error.report({ language, brand: "feishu" }).next_step;
      const lark = error.report({ language, brand: "lark" }).next_step;
      assert(feishu.includes(FEISHU_CONSOLE) && !feishu.includes(LARK_CONSOLE), feishu);
      assert(lark.includes(LARK_CONSOLE) && !lark.includes(FEISHU_CONSOLE), lark);
    }
  },
);

Deno.test.each(["en", "zh"] as const)(
  "report() names both developer consoles in %s when the brand is not known",
  (language) => {
    const { next_step } = new TokenError("credentials_missing").report({ language });
    assert(next_step.includes(FEISHU_CONSOLE) && next_step.includes(LARK_CONSOLE), next_step);
    assert.doesNotMatch(next_step, /[{}]/);
  },
);

Deno.test("report() names the developer console in the next step of a case, too", () => {
  const nextStep = { en: "See {console_url}.", zh: "见 {console_url}。" };
  const error = new TokenError("credentials_missing", { nextStep });
  assert.equal(error.report({ language: "en", brand: "lark" }).next_step, `See ${LARK_CONSOLE}.`);
});

Deno.test.each(
  [
    ["en", "The refresh token has expired. Let the user authorize the app again."],
    ["zh", "该 refresh_token 已过期。请让用户重新授权该应用。"],
  ] as const,
)("sentence() joins message and next step as one does in %s", (language, sentence) => {
  assert.equal(new TokenError("refresh_token_expired").sentence({ language }), sentence);
});

Deno.test("TokenError says what Feishu's code says more, and what it does not say as the table has it", () => {
  const known = new TokenError("app_not_permitted", { feishuCode: 20074 });
  assert.equal(known.message, "Refreshing user_access_token is switched off for this app");
  assert.match(known.report({ language: "zh", brand: "lark" }).next_step, /安全设置：.*larksuite\.com/);
  const other = new TokenError("app_not_permitted", { feishuCode: 20042 });
  assert.equal(other.message, new TokenError("app_not_permitted").message);
  assert.equal(new TokenError("renewal_in_progress", { feishuCode: 20074 }).row.kind, "transient");
  assert.equal(
    new TokenError("renewal_in_progress", { feishuCode: 20074 }).message,
    new TokenError("renewal_in_progress").message,
  );
});

Deno.test("TokenError prefers the texts of the case to those of Feishu's code", () => {
  const phrase = { en: "This", zh: "这" };
  const { message, next_step } = new TokenError("app_not_permitted", {
    feishuCode: 20074,
    message: phrase,
    nextStep: phrase,
  }).report();
  assert.deepEqual([message, next_step], ["This", "This"]);
});

Deno.test.each(
  [
    [
      "en",
      "Let the user open https://a.feishu.cn/c?f=1 and pass the check there; then repeat the same call.",
    ],
    ["zh", "请让用户打开 https://a.feishu.cn/c?f=1 并完成验证，然后重试同一调用。"],
  ] as const,
)(
  "report() names the page of Feishu's security check in %s, and message and log do not",
  (language, step) => {
    const challengeUrl = "https://a.feishu.cn/c?f=1";
    const error = new TokenError("authorization_required", { feishuCode: 21000, challengeUrl });
    const { message, next_step, challenge_url } = error.report({ language });
    assert.deepEqual([next_step, challenge_url], [step, challengeUrl]);
    assert.doesNotMatch(message + error.message, /a\.feishu\.cn/);
  },
);

Deno.test("report() sends nobody to a page when only the administrator can help", () => {
  const challengeUrl = "https://a.feishu.cn/c?f=1";
  const denied = new TokenError("authorization_required", { feishuCode: 21001, challengeUrl });
  const { next_step, challenge_url } = denied.report();
  assert.match(next_step, /^Only the tenant's administrator/);
  assert.equal(challenge_url, challengeUrl);
});

Deno.test("report() fills nothing into the page of Feishu's security check", () => {
  const challengeUrl = "https://a.feishu.cn/c?f={retry_after}";
  const { next_step } = new TokenError("authorization_required", { challengeUrl }).report();
  assert.match(next_step, /f=\{retry_after\}/);
});
