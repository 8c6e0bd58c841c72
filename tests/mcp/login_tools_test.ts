import assert from "node:assert/strict";
import { TokenError } from "../../src/errors/token_error.ts";
import type { LoginProgress } from "../../src/ports/logins.ts";
import { keptLogin, TEST_USER } from "./memory_login_service.ts";
import { TEST_CREDENTIALS } from "./memory_token_service.ts";
import { structuredResult } from "./structured_result.ts";
import { createTestServer } from "./test_server.ts";

const ID = { login_id: "planted-login-id" };
const LINK = "https://accounts.feishu.cn/oauth/v1/device/verify?flow_id=f_1&user_code=Z5QJ-KR82";

Deno.test("start_feishu_login returns link, code, end and what to say", async () => {
  const server = createTestServer();
  assert.deepEqual(await structuredResult(server, "start_feishu_login"), {
    login_id: "planted-login-id",
    verification_url: LINK,
    user_code: "Z5QJ-KR82",
    expires_at: server.clock.now() / 1000 + 600,
    message:
      `Please open this link and agree, so that I may act as you in Feishu:\n<${LINK}>\nThe page shows the ` +
      "code Z5QJ-KR82, or asks for it. The link works for 10 more minutes. Tell me when you are done.",
  });
  assert.deepEqual(server.logins.started, [{}]);
});

Deno.test("start_feishu_login says what to say in Chinese, with the purpose", async () => {
  const server = createTestServer({}, "zh");
  const { message } = await structuredResult(server, "start_feishu_login", {
    purpose: "整理\n你的\u200b日程",
  });
  assert.equal(
    message,
    `请打开下面的链接并同意授权，以便我以你的身份在飞书中操作（整理 你的 日程）：\n<${LINK}>\n` +
      "页面会显示或要求输入验证码 Z5QJ-KR82。链接在 10 分钟内有效，完成后请告诉我。",
  );
});

Deno.test("start_feishu_login names Lark to a person of Lark, and the last minute as one", async () => {
  const server = createTestServer({ credentials: () => () => ({ ...TEST_CREDENTIALS, brand: "lark" }) });
  const started = await server.logins.onStart();
  server.logins.onStart = () => Promise.resolve({ ...started, expiresAtMs: server.clock.now() + 90_000 });
  const { message } = await structuredResult(server, "start_feishu_login", { purpose: "to sort your mail" });
  assert.match(
    String(message),
    /^Please open this link and agree, so that I may act as you in Lark \(to sort /,
  );
  assert.match(String(message), /works for 1 more minute\./);
});

Deno.test("start_feishu_login hands on scopes, person and purpose", async () => {
  const server = createTestServer();
  const request = { scopes: ["docx:document", "im:message"], user: "ou_zhang", purpose: "to read" };
  await structuredResult(server, "start_feishu_login", request);
  assert.deepEqual(server.logins.started, [request]);
});

Deno.test("finish_feishu_login says when to come back while the person has not agreed", async () => {
  const server = createTestServer();
  assert.deepEqual(await structuredResult(server, "finish_feishu_login", { login_id: "planted-login-id" }), {
    status: "pending",
    retry_after_seconds: 5,
    expires_at: server.clock.now() / 1000 + 600,
  });
  assert.deepEqual(server.logins.finished, [{ loginId: "planted-login-id" }]);
});

Deno.test("finish_feishu_login says that nothing is left to do once the person has agreed, and what it waits for", async () => {
  const server = createTestServer();
  server.logins.onFinish = () =>
    Promise.resolve({
      kind: "pending",
      retryAfterMs: 1,
      expiresAtMs: server.clock.now(),
      isApproved: true,
      problem: new TokenError("feishu_unavailable", { retryAfterMs: 1000 }),
    });
  const { message, warning, retry_after_seconds } = await structuredResult(server, "finish_feishu_login", ID);
  assert.equal(message, "You have agreed, nothing is left to do for you: the login is being stored.");
  assert.match(String(warning), /^Feishu could not be reached or could not answer\. Try again in 1 s/);
  assert.equal(retry_after_seconds, 1);
});

Deno.test("finish_feishu_login names person and tenant first when it is done", async () => {
  const server = createTestServer();
  const login = keptLogin(server.clock.now());
  server.logins.onFinish = () => Promise.resolve({ kind: "done", login, missingScopes: ["im:message"] });
  const result = await structuredResult(server, "finish_feishu_login", ID);
  assert.deepEqual(Object.entries(result), [
    ["status", "done"],
    ["user", { open_id: "ou_zhang", name: "Zhang San", tenant_key: "tk_1" }],
    ["scope", "docx:document offline_access"],
    ["missing_scopes", ["im:message"]],
    ["renewable", true],
    ["login_ends_at", server.clock.now() / 1000 + 31_536_000],
  ]);
});

Deno.test("finish_feishu_login leaves out what Feishu did not tell, and warns of a login that cannot be renewed", async () => {
  const server = createTestServer();
  const { loginEndsAtMs: _end, ...login } = keptLogin(server.clock.now());
  server.logins.onFinish = () =>
    Promise.resolve({
      kind: "done",
      login: { ...login, user: { openId: "ou_li" }, renewable: false },
      missingScopes: [],
      warning: new TokenError("login_not_renewable"),
    });
  const { warning, ...rest } = await structuredResult(server, "finish_feishu_login", ID);
  assert.deepEqual(rest, {
    status: "done",
    user: { open_id: "ou_li" },
    scope: "docx:document offline_access",
    renewable: false,
  });
  assert.match(
    String(warning),
    /^This login lasts only as long as its access token.*open\.feishu\.cn\/app\)/,
  );
});

Deno.test.each(
  [
    [
      "en",
      /^The new login of Zhang San lacks .*: im:message, mail:read\. .*within 9 minutes the kept one stays/,
    ],
    ["zh", /^Zhang San 的新登录缺少已保存的登录所拥有的权限：im:message、mail:read。.*9 分钟内没有答复/],
  ] as const,
)("finish_feishu_login asks the person about a narrower login in %s", async (language, question) => {
  const server = createTestServer({}, language);
  const narrower: LoginProgress = {
    kind: "narrower",
    user: TEST_USER,
    keptScopes: ["docx:document", "im:message", "mail:read"],
    newScopes: ["docx:document"],
    lostScopes: ["im:message", "mail:read"],
    decideByMs: server.clock.now() + 599_000,
  };
  server.logins.onFinish = () => Promise.resolve(narrower);
  const { message, ...rest } = await structuredResult(server, "finish_feishu_login", ID);
  assert.deepEqual(rest, {
    status: "narrower",
    user: { open_id: "ou_zhang", name: "Zhang San", tenant_key: "tk_1" },
    kept_scopes: ["docx:document", "im:message", "mail:read"],
    new_scopes: ["docx:document"],
    lost_scopes: ["im:message", "mail:read"],
    decide_by: server.clock.now() / 1000 + 599,
  });
  assert.match(String(message), question);
});

Deno.test.each([[true], [false]])("finish_feishu_login hands on the decision %j", async (replace) => {
  const server = createTestServer();
  await structuredResult(server, "finish_feishu_login", { ...ID, replace });
  assert.deepEqual(server.logins.finished, [{ loginId: "planted-login-id", replace }]);
});
