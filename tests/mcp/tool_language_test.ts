import assert from "node:assert/strict";
import { noLoginService } from "../../src/login/no_login_service.ts";
import { TokenError } from "../../src/errors/token_error.ts";
import { createMcpHttpHandler } from "../../src/mcp/mcp_http_handler.ts";
import { TOOL_TABLE } from "../../src/mcp/tools/tool_table.ts";
import { Secret } from "../../src/secret.ts";
import { MemoryTokenService, TEST_CREDENTIALS } from "./memory_token_service.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { createTestServer, mcpRequest, type TestServer, toolCall } from "./test_server.ts";

interface ChineseServer extends Pick<TestServer, "app" | "log"> {
  readonly tokens: MemoryTokenService;
}

/** A server that shows failures in Chinese. */
function chineseServer(brand: "feishu" | "lark" = "feishu"): ChineseServer {
  const clock = new ManualClock();
  const tokens = new MemoryTokenService(clock.now());
  const mcp = createMcpHttpHandler({
    tools: TOOL_TABLE,
    tokens,
    logins: noLoginService(),
    clock,
    version: "1.2.3",
    language: "zh",
  });
  const credentials = { ...TEST_CREDENTIALS, brand };
  const { app, log } = createTestServer({ mcp, credentials: () => () => credentials });
  return { app, log, tokens };
}

async function textOf({ app }: Pick<TestServer, "app">, message: unknown): Promise<string> {
  return await (await app(mcpRequest(message))).text();
}

Deno.test("a tool's failure is Chinese for people and programs, and its code stays", async () => {
  const server = chineseServer();
  server.tokens.onAppToken = () => Promise.reject(new TokenError("rate_limited", { retryAfterMs: 1_000 }));
  const { result } = JSON.parse(await textOf(server, toolCall("get_feishu_app_token")));
  const report = {
    code: "rate_limited",
    kind: "rate",
    message: "调用过于频繁，触发了飞书的频率限制",
    next_step: "请在 1 秒后重试。",
    retry_after_seconds: 1,
  };
  assert.deepEqual(result, {
    isError: true,
    content: [{ type: "text", text: `${report.message}。${report.next_step}\n${JSON.stringify(report)}` }],
    _meta: { "feishu-token/error": report },
  });
});

Deno.test.each(
  [
    ["feishu", "https://open.feishu.cn/app"],
    ["lark", "https://open.larksuite.com/app"],
  ] as const,
)("a tool's failure names the console of the app when it is one of %s", async (brand, url) => {
  const server = chineseServer(brand);
  server.tokens.onAppToken = () => Promise.reject(new TokenError("credentials_refused"));
  const text = await textOf(server, toolCall("get_feishu_app_token"));
  assert.deepEqual([...new Set(text.match(/https:[\w./]+/g))], [url]);
});

Deno.test("a tool's warning is Chinese, and names the console of the app", async () => {
  const server = chineseServer("lark");
  server.tokens.onAppToken = () =>
    Promise.resolve({
      accessToken: new Secret("t-kept"),
      expiresAtMs: Date.UTC(2027, 0, 1),
      warning: new TokenError("app_not_permitted"),
    });
  const { result } = JSON.parse(await textOf(server, toolCall("get_feishu_app_token")));
  assert.match(result.structuredContent.warning, /^飞书应用已停用.*https:\/\/open\.larksuite\.com\/app/);
});

Deno.test.each([
  ["get_feishu_app_token", { min_ttl_seconds: -1 }, /：min_ttl_seconds 必须是 0 到 7200 之间的整数。/],
  ["refresh_feishu_user_token", { refresh_token: "a b" }, /：refresh_token 必须是 refresh_token：1 到 8192/],
  ["refresh_feishu_user_token", {}, /：缺少 refresh_token；它必须是/],
  ["report_feishu_token_rejected", {}, /：缺少 token；它必须是 访问令牌：1 到 8192/],
  [
    "report_feishu_token_rejected",
    { token: "t-a", feishu_code: -1 },
    /：feishu_code 必须是飞书响应中的 code/,
  ],
  [
    "get_feishu_app_token",
    { surplus: 1 },
    /surplus 不是 get_feishu_app_token 的参数。.*：min_ttl_seconds（可选）。/,
  ],
  ["get_feishu_app_token", { app_secret: "x" }, /请去掉 app_secret 后重新调用.*从不来自工具参数/],
])("a refusal of arguments is Chinese: %s %j", async (name, args, pattern) => {
  assert.match(await textOf(chineseServer(), toolCall(name, args)), pattern);
});

Deno.test("a failure that only the log explains is Chinese, and the log is English", async () => {
  const server = chineseServer();
  server.tokens.onAppToken = () => Promise.reject(new TypeError("planted"));
  assert.match(
    await textOf(server, toolCall("get_feishu_app_token")),
    /服务出现了不应发生的错误：请求 ID [0-9a-f]+。/,
  );
  assert.doesNotMatch(JSON.stringify(server.log.lines), /\p{Script=Han}/u);
});

Deno.test("tools are described in English, which models read best, whatever the language", async () => {
  const list = await textOf(chineseServer(), { jsonrpc: "2.0", id: 1, method: "tools/list" });
  assert.doesNotMatch(list, /\p{Script=Han}/u);
});

Deno.test("createHttpApp() shows what only the log explains in Chinese when asked to", async () => {
  const { app } = createTestServer({
    language: "zh",
    credentials: () => {
      throw new Error("planted");
    },
  });
  const response = await app(new Request("http://localhost/"));
  const problem = await response.json();
  assert.equal(problem.code, "internal_error");
  assert.match(problem.detail, /^服务出现了不应发生的错误：请求 ID /);
});
