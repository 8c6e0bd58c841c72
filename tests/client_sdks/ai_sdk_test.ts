/** The MCP client of the Vercel AI SDK, as it comes: it looks for revision 2026-07-28 first. */
import assert from "node:assert/strict";
import { createMCPClient } from "@ai-sdk/mcp";
import { StdioMCPTransport } from "@ai-sdk/mcp/mcp-stdio";
import { appTokenOf, assertUserToken, errorCode, TOOL_NAMES } from "../clients/expected_answers.ts";
import { RunningServer } from "../clients/running_server.ts";
import { logInAt } from "../clients/sandbox_login.ts";
import { StdioSandbox } from "./stdio_sandbox.ts";

type Config = Parameters<typeof createMCPClient>[0];

/** Connects, uses the tools, and checks that the client has no error to complain of anywhere. */
async function useTools(config: Config, version: string, sandboxUrl: string): Promise<void> {
  const uncaught: unknown[] = [];
  const client = await createMCPClient({
    ...config,
    onUncaughtError: (error) => uncaught.push(error),
  });
  try {
    assert.equal(client.initializeResult.protocolVersion, version);
    assert.equal(client.serverInfo.name, "feishu-token-mcp");
    assert.deepEqual(Object.keys(await client.tools()), TOOL_NAMES);
    appTokenOf(await client.callTool({ name: "get_feishu_app_token" }));
    const refreshToken = await logInAt(sandboxUrl);
    const args = { refresh_token: refreshToken };
    assertUserToken(
      await client.callTool({ name: "refresh_feishu_user_token", arguments: args }),
      refreshToken,
    );
    const refused = await client.callTool({ name: "refresh_feishu_user_token", arguments: {} });
    assert.equal(errorCode(refused), "input_invalid");
  } finally {
    await client.close();
  }
  assert.deepEqual(uncaught, []);
}

Deno.test.each([[true, "2026-07-28"], [false, "2025-11-25"]])(
  "the Vercel AI SDK uses the tools over HTTP, with discovery %s in %s",
  async (protocolVersionDiscovery, version) => {
    await using server = await RunningServer.start();
    const transport = { type: "http", url: server.url } as const;
    await useTools({ transport, protocolVersionDiscovery }, version, server.sandboxUrl);
  },
);

Deno.test({
  name: "the Vercel AI SDK uses the tools over stdio",
  // It does not wait for the child's end.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(): Promise<void> {
    await using sandbox = await StdioSandbox.start();
    const transport = new StdioMCPTransport({ ...sandbox.server, cwd: "/", stderr: "ignore" });
    await useTools({ transport }, "2026-07-28", sandbox.url);
  },
});
