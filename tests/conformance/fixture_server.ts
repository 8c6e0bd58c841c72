import { BodyReader } from "../../src/http/body/body_reader.ts";
import { listen, type Listening } from "../../src/http/listening/listen.ts";
import type { McpHttpCall } from "../../src/http/routes.ts";
import { MESSAGE_BYTES_LIMIT } from "../../src/mcp/messages/message_bytes_limit.ts";
import { Server } from "../../src/mcp/sdk_server.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { createTestServer } from "../mcp/test_server.ts";
import { ExchangeTransport } from "./exchange_transport.ts";
import { registerFixturePrompts } from "./fixture_prompts.ts";
import { registerFixtureResources } from "./fixture_resources.ts";
import { JSONRPCMessageSchema } from "./fixture_sdk.ts";
import { registerFixtureTools } from "./fixture_tools.ts";

const SHUTDOWN_MS = 1000;

/**
 * The server that the conformance suite's scenarios are written for: fixed tools, resources and prompts, which the real
 * server does not have, on the SDK's server. Everything around that is the real server's: listener, guard, routes, body
 * limit.
 */
export class FixtureServer implements AsyncDisposable {
  readonly #listening: Listening;

  private constructor(listening: Listening) {
    this.#listening = listening;
  }

  /** Starts it on a free port of 127.0.0.1. */
  static async start(): Promise<FixtureServer> {
    const { app, clock, log } = createTestServer({ mcp: createFixtureHandler() });
    const newRequestId = (): string => "0123456789ab";
    return new FixtureServer(
      await listen({ hostname: "127.0.0.1", port: 0, handler: app, clock, log, newRequestId }),
    );
  }

  /** Its MCP endpoint. */
  get url(): string {
    return `${this.#listening.url}/mcp`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listening.shutdown(SHUTDOWN_MS);
  }
}

function createFixtureHandler(): (request: Request, call: McpHttpCall) => Promise<Response> {
  const transport = new ExchangeTransport();
  const connected = createFixtureServer().connect(transport);
  const bodies = new BodyReader({ limitBytes: MESSAGE_BYTES_LIMIT, clock: new ManualClock() });

  return async (request, call) => {
    if (request.method !== "POST") return new Response(null, { status: 405, headers: { allow: "POST" } });
    const body = await bodies.read(request, bodies.share(request));
    if (body.kind !== "text") return new Response(null, { status: 400 });
    const message = JSONRPCMessageSchema.parse(JSON.parse(body.text));
    if (!("method" in message && "id" in message)) return new Response(null, { status: 202 });
    await connected;
    return Response.json(await transport.exchange(message, call).answer);
  };
}

function createFixtureServer(): Server {
  const server = new Server({ name: "conformance-fixture", version: "1.0.0" }, {
    capabilities: {
      tools: {},
      resources: { subscribe: true },
      prompts: {},
      logging: {},
      completions: {},
    },
  });
  registerFixtureTools(server);
  registerFixtureResources(server);
  registerFixturePrompts(server);
  return server;
}
