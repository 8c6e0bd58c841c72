import assert from "node:assert/strict";
import { noLoginService } from "../../src/login/no_login_service.ts";
import { type ErrorReport, TokenError } from "../../src/errors/token_error.ts";
import { RepeatedLines } from "../../src/log/repeated_lines.ts";
import { TOOL_TABLE } from "../../src/mcp/tools/tool_table.ts";
import { Toolbox } from "../../src/mcp/calls/toolbox.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { MemoryTokenService, TEST_CREDENTIALS } from "./memory_token_service.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { createTestServer, mcpRequest, type TestServer, toolCall } from "./test_server.ts";

interface FailedResult {
  readonly isError: boolean;
  readonly structuredContent?: unknown;
  readonly content: readonly { readonly type: string; readonly text: string }[];
  readonly _meta: { readonly "feishu-token/error": ErrorReport };
}

async function fail(server: TestServer, name: string, args: Record<string, unknown>): Promise<FailedResult> {
  const response = await server.app(mcpRequest(toolCall(name, args)));
  const { result } = await response.json() as { result: FailedResult };
  assert.equal(result.isError, true);
  return result;
}

function text(result: FailedResult): string {
  return result.content[0]?.text ?? "";
}

Deno.test.each([
  ["get_feishu_app_token", { min_ttl_seconds: -1 }],
  ["get_feishu_app_token", { min_ttl_seconds: 7201 }],
  ["get_feishu_app_token", { min_ttl_seconds: 1.5 }],
  ["get_feishu_app_token", { min_ttl_seconds: "12px" }],
  ["get_feishu_app_token", { min_ttl_seconds: "1.5" }],
  ["get_feishu_app_token", { min_ttl_seconds: "7201" }],
  ["get_feishu_app_token", { min_ttl_seconds: "0x10" }],
  ["get_feishu_app_token", { min_ttl_seconds: true }],
  ["get_feishu_app_token", { min_ttl_seconds: [300] }],
  ["get_feishu_tenant_token", { min_ttl_seconds: -1 }],
  ["get_feishu_tenant_token", { surplus: null }],
  ["get_feishu_app_token", { surplus: 1 }],
  ["refresh_feishu_user_token", {}],
  ["refresh_feishu_user_token", { refresh_token: null }],
  ["refresh_feishu_user_token", { refresh_token: "" }],
  ["refresh_feishu_user_token", { refresh_token: "  " }],
  ["refresh_feishu_user_token", { refresh_token: 5 }],
  ["refresh_feishu_user_token", { refresh_token: "ur-a ur-b" }],
  ["refresh_feishu_user_token", { refresh_token: "ur-a\u0000b" }],
  ["refresh_feishu_user_token", { refresh_token: "ur-a\u200bb" }],
  ["refresh_feishu_user_token", { refresh_token: "r".repeat(8193) }],
  ["report_feishu_token_rejected", { token: "" }],
  ["report_feishu_token_rejected", { token: null }],
  ["report_feishu_token_rejected", { token: "Bearer " }],
  ["report_feishu_token_rejected", { feishu_code: -1, token: "t-a" }],
  ["report_feishu_token_rejected", { feishu_code: "12px", token: "t-a" }],
  ["report_feishu_token_rejected", { feishu_code: "2147483648", token: "t-a" }],
  ["report_feishu_token_rejected", { feishu_code: 2 ** 31, token: "t-a" }],
])("callTool() refuses with input_invalid and names the argument: %s %j", async (name, args) => {
  const server = createTestServer();
  const result = await fail(server, name, args);
  const report = result._meta["feishu-token/error"];
  assert.equal(report.code, "input_invalid");
  assert.match(report.message, new RegExp(Object.keys(args)[0] ?? "refresh_token"));
});

Deno.test.each([
  ["get_feishu_app_token", "app_id"],
  ["get_feishu_app_token", "app_secret"],
  ["refresh_feishu_user_token", "app_secret"],
  ["report_feishu_token_rejected", "app_secret"],
])("callTool() says where credentials come from when %s is given %s", async (name, argument) => {
  const result = await fail(createTestServer(), name, { [argument]: "x", refresh_token: "ur-a" });
  assert.match(text(result), /FEISHU_APP_ID and FEISHU_APP_SECRET.*never from tool arguments/);
});

Deno.test("callTool() does not ask the service when an argument is unknown", async () => {
  const server = createTestServer();
  await fail(server, "refresh_feishu_user_token", { refresh_token: "ur-a", app_id: "cli_other" });
  assert.deepEqual(server.tokens.presented, []);
});

Deno.test.each([
  ["get_feishu_app_token", { min_ttl_seconds: "planted-secret" }],
  ["get_feishu_app_token", { app_secret: "planted-secret" }],
  ["get_feishu_app_token", { "planted-secret": 1 }],
  ["refresh_feishu_user_token", { refresh_token: "planted-secret with a space" }],
  ["refresh_feishu_user_token", { refresh_token: ["planted-secret"] }],
  ["report_feishu_token_rejected", { token: "planted-secret with a space" }],
  ["report_feishu_token_rejected", { token: "t-a", refresh_token: ["planted-secret"] }],
  ["report_feishu_token_rejected", { token: "t-a", feishu_code: "planted-secret" }],
])("callTool() echoes nothing of what was sent: %s %j", async (name, args) => {
  const server = createTestServer();
  const result = await fail(server, name, args);
  assert.doesNotMatch(JSON.stringify([result, server.log.lines]), /planted-secret/);
});

Deno.test("callTool() shows a failure as sentence, next step and report when the service refuses", async () => {
  const server = createTestServer();
  server.tokens.onRefresh = () =>
    Promise.reject(
      new TokenError("rate_limited", { retryAfterMs: 1500, feishuCode: 99991400, logId: "log-1" }),
    );
  const result = await fail(server, "refresh_feishu_user_token", { refresh_token: "ur-a" });
  const report = {
    code: "rate_limited",
    kind: "rate",
    message: "Feishu limits the rate of these calls",
    next_step: "Try again in 2 s.",
    retry_after_seconds: 2,
    feishu_code: 99991400,
    feishu_log_id: "log-1",
  };
  assert.deepEqual(result, {
    isError: true,
    content: [{
      type: "text",
      text: `Feishu limits the rate of these calls. Try again in 2 s.\n${JSON.stringify(report)}`,
    }],
    _meta: { "feishu-token/error": report },
  });
});

Deno.test("callTool() logs Feishu's log id under the request id when the service refuses", async () => {
  const server = createTestServer();
  server.tokens.onRefresh = () => Promise.reject(new TokenError("rate_limited", { logId: "log-1" }));
  await fail(server, "refresh_feishu_user_token", { refresh_token: "ur-a" });
  const { fields } = server.log.only("tool refused");
  assert.equal(fields["feishu_log_id"], "log-1");
  assert.equal(fields["request_id"], server.log.only("http request").fields["request_id"]);
});

Deno.test("callTool() names FEISHU_APP_ID when there are no credentials", async () => {
  const server = createTestServer({
    credentials: () => () => {
      throw new TokenError("credentials_missing");
    },
  });
  const result = await fail(server, "get_feishu_app_token", {});
  assert.match(text(result), /FEISHU_APP_ID/);
});

Deno.test("callTool() shows only the request id when something unexpected is thrown", async () => {
  const server = createTestServer();
  server.tokens.onAppToken = () => Promise.reject(new TypeError("planted detail"));
  const result = await fail(server, "get_feishu_app_token", {});
  const logged = server.log.only("tool failed").fields;
  assert.match(text(result), new RegExp(`request id ${logged["request_id"]}`));
  assert.doesNotMatch(JSON.stringify(result), /planted detail/);
});

Deno.test("callTool() logs what is thrown unexpectedly, and where, without its message", async () => {
  const server = createTestServer();
  server.tokens.onAppToken = () => Promise.reject(new TypeError("planted detail"));
  await fail(server, "get_feishu_app_token", {});
  assert.equal(server.log.only("tool failed").fields["error"], "TypeError");
  assert.match(String(server.log.only("tool failed at").fields["at"]), /^at .*tool_errors_test\.ts:/);
  assert.doesNotMatch(JSON.stringify(server.log.lines), /planted/);
});

Deno.test("callTool() counts equal refusals, each tool, code and code of Feishu by itself", async () => {
  const clock = new ManualClock();
  const log = new RecordingLog();
  const tokens = new MemoryTokenService(clock.now());
  const repeated = new RepeatedLines({ clock, log });
  const toolbox = new Toolbox({ tools: TOOL_TABLE, tokens, logins: noLoginService(), clock, repeated });
  const tool = toolbox.find("get_feishu_app_token");
  assert(tool !== undefined);
  const call = { requestId: "r", log, credentials: () => TEST_CREDENTIALS };
  const { signal } = new AbortController();
  for (let i = 0; i < 20; i++) await toolbox.call(tool, { [`surplus${i}`]: 1 }, call, signal);
  for (const feishuCode of [10003, 10003, 10014]) {
    tokens.onAppToken = () =>
      Promise.reject(new TokenError("credentials_refused", { feishuCode, logId: "id" }));
    await toolbox.call(tool, {}, call, signal);
  }
  repeated.flush();
  assert.deepEqual(
    log.lines.map((
      { fields },
    ) => [fields["code"], fields["feishu_code"], fields["feishu_log_id"], fields["repeated"]]),
    [
      ["input_invalid", undefined, undefined, undefined],
      ["credentials_refused", 10003, "id", undefined],
      ["credentials_refused", 10014, "id", undefined],
      ["input_invalid", undefined, undefined, 19],
      ["credentials_refused", 10003, undefined, 1],
    ],
  );
});

Deno.test("callTool() logs no reported token, whether it has another or not", async () => {
  const server = createTestServer();
  const rejected = { token: "t-reported", refresh_token: "ur-reported" };
  await server.app(mcpRequest(toolCall("report_feishu_token_rejected", rejected)));
  server.tokens.onRejected = () => Promise.reject(new TokenError("token_unknown"));
  const result = await fail(server, "report_feishu_token_rejected", rejected);
  assert.doesNotMatch(JSON.stringify([server.log.lines, result]), /reported|t-other|test-app-secret/);
});

Deno.test("callTool() logs no token when it succeeds", async () => {
  const server = createTestServer();
  await server.app(mcpRequest(toolCall("refresh_feishu_user_token", { refresh_token: "ur-presented" })));
  assert.doesNotMatch(JSON.stringify(server.log.lines), /ur-presented|ur-next|u-user|test-app-secret/);
});
