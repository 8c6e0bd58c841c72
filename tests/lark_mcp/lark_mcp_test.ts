/**
 * Feishu's own MCP server, lark-mcp, unchanged, logs in against the sandbox as it does against Feishu. Without `--scope`
 * it uses the oldest page and `oidc`, with it PKCE and `v2`. Its keychain is a native addon that its install script
 * builds: Deno runs no such script, so that lark-mcp keeps its tokens in memory here.
 */
import assert from "node:assert/strict";
import type { CallView } from "../../src/sandbox/calls.ts";
import { OfficialClient } from "../clients/official_client.ts";
import { RenamingProxy } from "../node_sdk/renaming_proxy.ts";
import { PATHS } from "../sandbox/asked_sandbox.ts";
import { ListeningSandbox } from "../sandbox/served_sandbox.ts";
import { LarkMcp, RunningLogin } from "./lark_mcp.ts";
import { decideInBrowser } from "./person.ts";

const SCOPE = ["--scope", "docx:document offline_access"];
const INDEX = "/open-apis/authen/v1/index";
const CONTENT = "/open-apis/docx/v1/documents/doxcn1/raw_content";
const HOURS_MS = 3 * 3_600_000;

/** What it did after its person had seen the page. */
function afterPage(calls: readonly CallView[]): (readonly [string, string])[] {
  const page = calls.findLastIndex(({ path }) => path === PATHS.authorize);
  return calls.slice(page + 1).map(({ path, outcome }) => [path, outcome]);
}

Deno.test.each(
  [
    ["without --scope", [], INDEX, [PATHS.appToken, PATHS.oidcCode]],
    ["with --scope", SCOPE, PATHS.authorize, [PATHS.v2]],
  ] as const,
)("lark-mcp login %s logs a person in", async (_, args, page, exchange) => {
  await using sandbox = await ListeningSandbox.start();
  await using larkMcp = await LarkMcp.install();
  await using login = await RunningLogin.start(larkMcp.program(sandbox.url, "login", args));
  assert.match(await decideInBrowser(login.link, "approve"), /^success/);
  const { code, text } = await login.end();
  assert.equal(code, 0);
  assert.match(text, /Successfully logged in/);
  const calls = await sandbox.calls();
  assert.deepEqual([calls[0]?.method, calls[0]?.path], ["GET", page]);
  assert.deepEqual(afterPage(calls), exchange.map((path) => [path, "accepted"]));
});

Deno.test("lark-mcp login logs nobody in who declines", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using larkMcp = await LarkMcp.install();
  await using login = await RunningLogin.start(larkMcp.program(sandbox.url, "login", SCOPE));
  assert.match(await decideInBrowser(login.link, "deny"), /^error/);
  assert.deepEqual(afterPage(await sandbox.calls()), []);
});

Deno.test.each([["without --scope", []], ["with --scope", SCOPE]] as const)(
  "lark-mcp login %s fails when the access token has another name",
  async (_, args) => {
    await using sandbox = await ListeningSandbox.start();
    await using renaming = new RenamingProxy(sandbox.url, "access_token", "token");
    await using larkMcp = await LarkMcp.install();
    await using login = await RunningLogin.start(larkMcp.program(renaming.url, "login", args));
    assert.doesNotMatch(await decideInBrowser(login.link, "approve"), /^success/);
    assert.equal(afterPage(await sandbox.calls()).at(-1)?.[1], "accepted");
  },
);

Deno.test.each(
  [
    ["without --scope", [], [PATHS.appToken, PATHS.oidc]],
    ["with --scope", SCOPE, [PATHS.v2]],
  ] as const,
)(
  "lark-mcp %s calls an API as the person, before and after its token has expired",
  async (_, args, refresh) => {
    await using sandbox = await ListeningSandbox.start();
    await using larkMcp = await LarkMcp.install();
    const tools = ["--tools", "docx.v1.document.rawContent", "--tool-name-case", "dot"];
    const mode = ["--oauth", "--token-mode", "user_access_token", ...args];
    await using client = await OfficialClient.overStdio(
      larkMcp.program(sandbox.url, "mcp", [...tools, ...mode]),
    );
    const call = (): Promise<string> => callTool(client);

    const link = /http:[^\s"\\]+\/authorize\?[^\s"\\]+/.exec(await call())?.[0] ?? "";
    assert.match(await decideInBrowser(link, "approve"), /^success/);
    assert.equal(await call(), "{}");
    assert.deepEqual((await sandbox.calls()).at(-1)?.path, CONTENT);

    const before = (await sandbox.calls()).length;
    sandbox.clock.advance(HOURS_MS);
    await larkMcp.advance(HOURS_MS);
    assert.equal(await call(), "{}");
    assert.deepEqual(
      (await sandbox.calls()).slice(before).map(({ path, outcome }) => [path, outcome]),
      [...refresh, CONTENT].map((path) => [path, "accepted"]),
    );
  },
);

Deno.test("lark-mcp calls an API as the app", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using larkMcp = await LarkMcp.install();
  const args = ["--tools", "docx.v1.document.rawContent", "--tool-name-case", "dot"];
  const program = larkMcp.program(sandbox.url, "mcp", [...args, "--token-mode", "tenant_access_token"]);
  await using client = await OfficialClient.overStdio(program);
  assert.equal(await callTool(client), "{}");
  assert.deepEqual((await sandbox.calls()).map(({ path, outcome }) => [path, outcome]), [
    [PATHS.tenantToken, "accepted"],
    [CONTENT, "accepted"],
  ]);
});

async function callTool(client: OfficialClient): Promise<string> {
  const { content } = await client.call("docx.v1.document.rawContent", { path: { document_id: "doxcn1" } });
  return (content as { text: string }[])[0]?.text ?? "";
}
