import assert from "node:assert/strict";
import { z } from "zod";
import { errorCode } from "../clients/expected_answers.ts";
import { toolCall } from "../mcp/test_server.ts";
import { eventually } from "../support/eventually.ts";
import { World } from "./world.ts";

const StartedSchema = z.object({ login_id: z.string(), user_code: z.string(), message: z.string() });
const FinishedSchema = z.object({
  status: z.string(),
  user: z.object({ open_id: z.string(), name: z.string() }).optional(),
});
const TokenSchema = z.object({ access_token: z.string(), user: z.object({ open_id: z.string() }) });
const ListSchema = z.object({ logins: z.array(z.object({ user: z.object({ open_id: z.string() }) })) });
const ReplacementSchema = z.object({ token_kind: z.string(), refresh_token: z.string().optional() });
const ResultSchema = z.object({ result: z.object({ structuredContent: z.unknown().optional() }).loose() });

/** Calls a tool as MCP clients do; the result, whether it worked or not. */
async function call(
  url: string,
  name: string,
  args: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Promise<z.infer<typeof ResultSchema>["result"]> {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "accept": "application/json, text/event-stream",
      "content-type": "application/json",
      ...headers,
    },
    body: JSON.stringify(toolCall(name, args)),
  });
  return ResultSchema.parse(await response.json()).result;
}

Deno.test("a person logs in over MCP, gets tokens, is listed, and is logged out", async () => {
  await using world = await World.create();
  const server = await world.start({ args: ["--log-level", "debug"] });
  const url = await server.listens();
  assert.equal(errorCode(await call(url, "get_feishu_user_token")), "not_logged_in");
  const { structuredContent } = await call(url, "start_feishu_login", { scopes: "docx:document im:message" });
  const { login_id, user_code, message } = StartedSchema.parse(structuredContent);
  assert.match(message, new RegExp(`\\n<http\\S+>\\n.*${user_code}`));
  assert.equal((await finished(url, login_id)).status, "pending");
  await world.feishu.decide(user_code, "approve", "Zhang San");
  let done = await finished(url, login_id);
  await eventually(() => `done, not ${done.status}`, async () => {
    done = await finished(url, login_id);
    return done.status !== "pending";
  });
  assert.deepEqual([done.status, done.user?.name], ["done", "Zhang San"]);

  const token = TokenSchema.parse((await call(url, "get_feishu_user_token")).structuredContent);
  assert.equal(token.user.open_id, done.user?.open_id);
  const { logins } = ListSchema.parse((await call(url, "list_feishu_logins")).structuredContent);
  assert.deepEqual(logins.map(({ user }) => user.open_id), [done.user?.open_id]);

  const report = { token: token.access_token, feishu_code: 99991668 };
  const replacement = (await call(url, "report_feishu_token_rejected", report)).structuredContent;
  assert.deepEqual(ReplacementSchema.parse(replacement), { token_kind: "user" });

  const behindProxy = { "x-forwarded-for": "192.0.2.7" };
  for (const name of ["get_feishu_user_token", "list_feishu_logins", "start_feishu_login"]) {
    assert.equal(errorCode(await call(url, name, {}, behindProxy)), "logins_unavailable");
  }

  const { structuredContent: ended } = await call(url, "revoke_feishu_login", { user: "Zhang San" });
  assert.equal(z.object({ revoked: z.literal(true) }).parse(ended).revoked, true);
  assert.equal(errorCode(await call(url, "get_feishu_user_token")), "not_logged_in");
  server.kill("SIGTERM");
  const { stderr } = await server.end();
  for (const secret of [login_id, token.access_token]) assert.ok(!stderr.includes(secret));
});

Deno.test("a server with a public name has no logins for callers with its own app", async () => {
  await using world = await World.create();
  const env = { ...await world.env(), FEISHU_TOKEN_ALLOWED_HOSTS: "tokens.example.com" };
  const url = await (await world.start({ env })).listens();
  assert.equal(errorCode(await call(url, "list_feishu_logins")), "logins_unavailable");
});

Deno.test("callers with an app of their own have logins only where the operator allows it", async () => {
  await using world = await World.create();
  const { FEISHU_APP_ID, FEISHU_APP_SECRET, ...rest } = await world.env();
  assert.ok(FEISHU_APP_ID !== undefined && FEISHU_APP_SECRET !== undefined);
  const headers = { "x-feishu-app-id": FEISHU_APP_ID, "x-feishu-app-secret": FEISHU_APP_SECRET };
  for (const [setting, expected] of [["0", "logins_unavailable"], ["1", undefined]]) {
    const server = await world.start({ env: { ...rest, FEISHU_TOKEN_SESSION_LOGINS: setting ?? "" } });
    const result = await call(await server.listens(), "list_feishu_logins", {}, headers);
    if (expected !== undefined) assert.equal(errorCode(result), expected);
    else assert.deepEqual(ListSchema.parse(result.structuredContent).logins, []);
    server.kill("SIGTERM");
    await server.end();
  }
});

async function finished(url: string, loginId: string): Promise<z.infer<typeof FinishedSchema>> {
  const { structuredContent } = await call(url, "finish_feishu_login", { login_id: loginId });
  return FinishedSchema.parse(structuredContent);
}
