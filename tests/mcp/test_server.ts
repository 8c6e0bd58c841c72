import { Client } from "@modelcontextprotocol/sdk/client";
// @ts-types="@modelcontextprotocol/sdk/client/streamableHttp"
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { createHttpApp, type HttpApp, type HttpAppOptions } from "../../src/http/http_app.ts";
import type { Language } from "../../src/errors/language.ts";
import { createMcpHttpHandler } from "../../src/mcp/mcp_http_handler.ts";
import { TOOL_TABLE } from "../../src/mcp/tools/tool_table.ts";
import { MemoryLoginService } from "./memory_login_service.ts";
import { MemoryTokenService, TEST_CREDENTIALS } from "./memory_token_service.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { ManualClock } from "../support/manual_clock.ts";

/** The whole HTTP door over a token service in memory. */
export interface TestServer {
  readonly app: HttpApp;
  readonly clock: ManualClock;
  readonly log: RecordingLog;
  readonly tokens: MemoryTokenService;
  readonly logins: MemoryLoginService;
}

/** Makes a server as `compose.ts` would; `overrides` replaces what a test is about. */
export function createTestServer(
  overrides: Partial<HttpAppOptions> = {},
  language: Language = "en",
): TestServer {
  const clock = new ManualClock();
  const log = new RecordingLog();
  const tokens = new MemoryTokenService(clock.now());
  const logins = new MemoryLoginService(clock.now());
  const version = "1.2.3";
  const app = createHttpApp({
    mcp: createMcpHttpHandler({ tools: TOOL_TABLE, tokens, logins, clock, version, language }),
    tokens,
    credentials: () => () => TEST_CREDENTIALS,
    loginOwner: () => "local",
    clock,
    version,
    tools: TOOL_TABLE,
    random: {
      bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
      fraction: () => 0.5,
    },
    log,
    ...overrides,
  });
  return { app, clock, log, tokens, logins };
}

/** Runs `use` with the official client connected to `app` in process. */
export async function withClient<T>(
  app: (request: Request) => Promise<Response>,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ name: "test", version: "0" });
  const transport = new StreamableHTTPClientTransport(new URL("http://localhost/mcp"), {
    fetch: (url, init) => app(new Request(url, init)),
  });
  // The SDK declares `sessionId` in a way that exactOptionalPropertyTypes refuses.
  await client.connect(transport as Parameters<Client["connect"]>[0]);
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}

/** A POST to `/mcp` as a client sends it, with `init` on top. */
export function mcpRequest(message: unknown, init: RequestInit = {}): Request {
  return new Request("http://localhost/mcp", {
    method: "POST",
    body: JSON.stringify(message),
    ...init,
    headers: {
      accept: "application/json, text/event-stream",
      "content-type": "application/json",
      ...init.headers as Record<string, string>,
    },
  });
}

/** A JSON-RPC `tools/call`. */
export function toolCall(name: string, args: Record<string, unknown> = {}): unknown {
  return { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: args } };
}
