/** The second version of the official SDK's client: held to revision 2026-07-28, left to find out, and as it comes. */
import assert from "node:assert/strict";
import { Client, type ClientOptions, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import {
  appTokenOf,
  assertSameToken,
  assertUserToken,
  errorCode,
  TOOL_NAMES,
} from "../clients/expected_answers.ts";
import { RunningServer } from "../clients/running_server.ts";
import { logInAt } from "../clients/sandbox_login.ts";
import { StdioSandbox } from "./stdio_sandbox.ts";

type Mode = NonNullable<NonNullable<ClientOptions["versionNegotiation"]>["mode"]>;

const MODES: readonly (readonly [string, Mode, string])[] = [
  ["pinned", { pin: "2026-07-28" }, "2026-07-28"],
  ["auto", "auto", "2026-07-28"],
  ["legacy", "legacy", "2025-11-25"],
];

function createClient(mode: Mode): Client {
  return new Client({ name: "client-test", version: "1.0.0" }, { versionNegotiation: { mode } });
}

async function useEveryTool(client: Client, sandboxUrl: string): Promise<void> {
  const { tools } = await client.listTools();
  assert.deepEqual(tools.map(({ name }) => name), TOOL_NAMES);
  const token = appTokenOf(await client.callTool({ name: "get_feishu_app_token", arguments: {} }));
  assertSameToken(
    await client.callTool({ name: "report_feishu_token_rejected", arguments: { token } }),
    token,
  );
  const refreshToken = await logInAt(sandboxUrl);
  const refreshed = { name: "refresh_feishu_user_token", arguments: { refresh_token: refreshToken } };
  assertUserToken(await client.callTool(refreshed), refreshToken);
  assert.equal(
    errorCode(await client.callTool({ name: "refresh_feishu_user_token", arguments: {} })),
    "input_invalid",
  );
  await assert.rejects(client.callTool({ name: "no_such_tool" }), /-32602|Unknown tool/);
}

const KEY = "key-of-a-test-0123456789abcdef-0123";

for (const [name, mode, version] of MODES) {
  Deno.test(`SDK v2 is told 401 without a key, and connects with one, ${name}`, async () => {
    await using server = await RunningServer.start(0, { FEISHU_TOKEN_CALLER_KEYS: `alice=${KEY}` });
    const url = new URL(server.url);
    for (const key of [undefined, `${KEY}x`]) {
      const authProvider = { token: (): Promise<string | undefined> => Promise.resolve(key) };
      const refused = createClient(mode).connect(new StreamableHTTPClientTransport(url, { authProvider }));
      await assert.rejects(refused, /401|nauthorized|authorization/);
    }
    const client = createClient(mode);
    const headers = { authorization: `Bearer ${KEY}` };
    await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }));
    try {
      assert.equal(client.getNegotiatedProtocolVersion(), version);
      assert.deepEqual((await client.listTools()).tools.map(({ name }) => name), TOOL_NAMES);
    } finally {
      await client.close();
    }
  });

  Deno.test(`SDK v2 uses every tool over HTTP, ${name}`, async () => {
    await using server = await RunningServer.start();
    const client = createClient(mode);
    await client.connect(new StreamableHTTPClientTransport(new URL(server.url)));
    try {
      assert.equal(client.getNegotiatedProtocolVersion(), version);
      assert.equal(client.getServerVersion()?.name, "feishu-token-mcp");
      await useEveryTool(client, server.sandboxUrl);
    } finally {
      await client.close();
    }
  });

  Deno.test({
    name: `SDK v2 uses every tool over stdio, ${name}`,
    // Its own way to end a child leaves a timer of two seconds behind.
    sanitizeOps: false,
    sanitizeResources: false,
    async fn(): Promise<void> {
      await using sandbox = await StdioSandbox.start();
      const client = createClient(mode);
      await client.connect(new StdioClientTransport({ ...sandbox.server, cwd: "/", stderr: "ignore" }));
      try {
        assert.equal(client.getNegotiatedProtocolVersion(), version);
        await useEveryTool(client, sandbox.url);
      } finally {
        await client.close();
      }
    },
  });
}
