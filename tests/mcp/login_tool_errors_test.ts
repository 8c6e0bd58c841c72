import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import type { ErrorCode } from "../../src/errors/error_table.ts";
import { LANGUAGES } from "../../src/errors/language.ts";
import { TokenError } from "../../src/errors/token_error.ts";
import { serveStdio } from "../../src/mcp/stdio/serve_stdio.ts";
import { TOOL_TABLE } from "../../src/mcp/tools/tool_table.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { inputOf } from "../support/input_of.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { TestPipe } from "../support/test_pipe.ts";
import { MemoryLoginService } from "./memory_login_service.ts";
import { MemoryTokenService, TEST_CREDENTIALS } from "./memory_token_service.ts";
import { createTestServer, mcpRequest, type TestServer, toolCall } from "./test_server.ts";

const EVERY_CALL: readonly (readonly [string, Record<string, unknown>])[] = [
  ["start_feishu_login", {}],
  ["finish_feishu_login", { login_id: "planted-login-id" }],
  ["get_feishu_user_token", {}],
  ["list_feishu_logins", {}],
  ["revoke_feishu_login", { user: "ou_zhang" }],
];

interface Failed {
  readonly text: string;
  readonly code: string;
}

async function fail(
  { app }: Pick<TestServer, "app">,
  name: string,
  args: Record<string, unknown> = {},
): Promise<Failed> {
  const { result } = await (await app(mcpRequest(toolCall(name, args)))).json();
  assert.equal(result.isError, true, JSON.stringify(result));
  assert.equal("structuredContent" in result, false);
  return { text: result.content[0].text, code: result._meta["feishu-token/error"].code };
}

Deno.test.each(EVERY_CALL)("%s is refused with logins_unavailable without an owner", async (name, args) => {
  for (const language of LANGUAGES) {
    const { code, text } = await fail(
      createTestServer({ loginOwner: () => undefined }, language),
      name,
      args,
    );
    assert.equal(code, "logins_unavailable");
    assert.match(text, /FEISHU_TOKEN_SESSION_LOGINS=1/);
  }
});

Deno.test.each(EVERY_CALL)("%s hands on owner, log and address of the call", async (name, args) => {
  const { app, logins } = createTestServer({ loginOwner: () => "session" });
  await app(mcpRequest(toolCall(name, args)));
  const [call = assert.fail()] = logins.calls;
  assert.equal(call.owner, "session");
  assert.ok("log" in call);
});

Deno.test.each(EVERY_CALL)("%s names missing credentials before anything of logins", async (name, args) => {
  const server = createTestServer({
    credentials: () => () => {
      throw new TokenError("credentials_missing");
    },
  });
  assert.equal((await fail(server, name, args)).code, "credentials_missing");
  assert.deepEqual(server.logins.calls, []);
});

Deno.test("report_feishu_token_rejected hands on the owner, for the token of a kept login", async () => {
  const { app, tokens } = createTestServer({ loginOwner: () => "session" });
  await app(mcpRequest(toolCall("report_feishu_token_rejected", { token: "u-kept-token" })));
  const [call = assert.fail()] = tokens.contexts;
  assert.equal("owner" in call && call.owner, "session");
});

Deno.test.each(EVERY_CALL)("over stdio %s is of the person at this machine", async (name, args) => {
  const clock = new ManualClock();
  const stdin = new PassThrough();
  const stdout = new TestPipe(clock);
  const logins = new MemoryLoginService(clock.now());
  const served = serveStdio({
    ...{ tools: TOOL_TABLE, tokens: new MemoryTokenService(clock.now()), logins, clock, version: "1.2.3" },
    ...{ credentials: () => TEST_CREDENTIALS, log: new RecordingLog(), newRequestId: () => "0123456789ab" },
    ...{ stdin: inputOf(stdin), stdout: stdout.output },
  });
  stdin.end(`${JSON.stringify(toolCall(name, args))}\n`);
  await served;
  assert.deepEqual(logins.calls.map(({ owner }) => owner), ["local"]);
  assert.equal(JSON.parse(stdout.text).result.isError, false);
});

Deno.test.each(
  [
    ["not_logged_in", "en", /^Nobody is logged in here as that user\. Call start_feishu_login and show/],
    ["user_ambiguous", "en", /^Several people are logged in: 2\. Say whose with user: an open_id/],
    ["scope_not_granted", "en", /^The user has not granted a scope that is needed here/],
    [
      "not_logged_in",
      "zh",
      /请调用 start_feishu_login 并把链接展示给用户；用 list_feishu_logins 查看当前的登录/,
    ],
    ["user_ambiguous", "zh", /^已有多人登录，无法确定是哪一位：2。请用 user 指明/],
  ] as const,
)("get_feishu_user_token says what to call next: %s in %s", async (code: ErrorCode, language, said) => {
  const server = createTestServer({}, language);
  const detail = code === "user_ambiguous" ? { detail: { en: "2", zh: "2" } } : {};
  server.logins.onUserToken = () => Promise.reject(new TokenError(code, detail));
  assert.match((await fail(server, "get_feishu_user_token")).text, said);
});

Deno.test.each(
  [
    ["login_not_found"],
    ["login_denied"],
    ["login_expired"],
    ["login_wrong_person"],
    ["login_outcome_unknown"],
    ["store_cannot_keep_logins"],
  ] as const,
)("finish_feishu_login shows why there is no login: %s", async (code) => {
  const server = createTestServer();
  server.logins.onFinish = () => Promise.reject(new TokenError(code));
  assert.equal((await fail(server, "finish_feishu_login", { login_id: "planted-login-id" })).code, code);
});

const TOO_MANY = Array.from({ length: 201 }, (_, index) => `scope:${index}`);

Deno.test.each<[string, Record<string, unknown>, RegExp]>([
  [
    "start_feishu_login",
    { scopes: ["docx:document", "(planted"] },
    /: scopes must list at most 200 names of Fei/,
  ],
  ["start_feishu_login", { scopes: [1, 2] }, /: scopes must list [^;]*contact:user\.base:readonly\. Call/],
  ["start_feishu_login", { scopes: 7 }, /: scopes must list/],
  ["start_feishu_login", { scopes: { planted: 1 } }, /: scopes must list/],
  ["start_feishu_login", { scopes: TOO_MANY }, /: scopes must list/],
  ["start_feishu_login", { user: "planted name" }, /: user must be an open_id, which begins with ou_/],
  ["start_feishu_login", { purpose: "x".repeat(201) }, /: purpose must be a text of at most 200 characters/],
  [
    "start_feishu_login",
    { open_id: "ou_a" },
    /open_id is not an argument.*: scopes \(optional\), user \(opt/,
  ],
  [
    "finish_feishu_login",
    {},
    /: login_id is missing; it must be the login_id that start_feishu_login returned/,
  ],
  ["finish_feishu_login", { login_id: "planted id" }, /: login_id must be the login_id/],
  ["finish_feishu_login", { login_id: "planted", replace: "maybe" }, /: replace must be true or false/],
  ["finish_feishu_login", { login_id: "planted", replace: 1 }, /: replace must be true or false/],
  [
    "get_feishu_user_token",
    { min_ttl_seconds: 3601 },
    /: min_ttl_seconds must be a whole number from 0 to 3600/,
  ],
  ["get_feishu_user_token", { user: "planted\u200bname" }, /: user must be an open_id or a name/],
  ["get_feishu_user_token", { user: 7 }, /: user must be an open_id or a name/],
  ["list_feishu_logins", { user: "planted" }, /user is not an argument of list_feishu_logins/],
  ["revoke_feishu_login", {}, /: user is missing; it must be an open_id or a name/],
  ["revoke_feishu_login", { user: " " }, /: user must be an open_id or a name/],
])("%s refuses with the rule and without the value: %j", async (name, args, said) => {
  const server = createTestServer();
  const { code, text } = await fail(server, name, args);
  assert.equal(code, "input_invalid");
  assert.match(text, said);
  assert.doesNotMatch(JSON.stringify([text, server.log.lines]), /planted/);
  assert.deepEqual(server.logins.calls, []);
});

Deno.test.each<[string, Record<string, unknown>, RegExp]>([
  ["start_feishu_login", { scopes: "a(b" }, /：scopes 必须列出飞书的权限名称，最多 200 个/],
  ["start_feishu_login", { user: "Zhang" }, /：user 必须是 open_id，以 ou_ 开头/],
  ["finish_feishu_login", {}, /：缺少 login_id；它必须是 start_feishu_login 返回的 login_id/],
  ["get_feishu_user_token", { min_ttl_seconds: -1 }, /：min_ttl_seconds 必须是 0 到 3600 之间的整数/],
  ["revoke_feishu_login", {}, /：缺少 user；它必须是 open_id 或姓名/],
])("%s refuses in Chinese: %j", async (name, args, said) => {
  assert.match((await fail(createTestServer({}, "zh"), name, args)).text, said);
});

Deno.test.each(EVERY_CALL)("%s logs neither a token nor a handle", async (name, args) => {
  const server = createTestServer();
  await server.app(mcpRequest(toolCall(name, args)));
  assert.doesNotMatch(JSON.stringify(server.log.lines), /planted|u-kept|test-app-secret/);
});
