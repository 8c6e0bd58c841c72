import { Client } from "@modelcontextprotocol/sdk/client";
// @ts-types="@modelcontextprotocol/sdk/client/stdio"
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
// @ts-types="@modelcontextprotocol/sdk/client/streamableHttp"
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { VERSION } from "../../version.ts";
import type { SelfCommand } from "./demo_program.ts";

/** The official MCP client, connected. */
export class DemoClient {
  readonly #client: Client;

  private constructor(client: Client) {
    this.#client = client;
  }

  /** Connects over Streamable HTTP to the endpoint `url`. */
  static async overHttp(url: string): Promise<DemoClient> {
    const client = newClient();
    const transport = new StreamableHTTPClientTransport(new URL(url));
    // The SDK's own types disagree under exactOptionalPropertyTypes: `sessionId` may be undefined.
    await client.connect(transport as Parameters<Client["connect"]>[0]);
    return new DemoClient(client);
  }

  /** Starts this program as a child, with the bare environment that MCP hosts give, and connects to its streams. */
  static async overStdio(self: SelfCommand, args: readonly string[]): Promise<DemoClient> {
    const client = newClient();
    const transport = new StdioClientTransport({
      command: self.command,
      args: [...self.args, ...args],
      env: { ...self.env },
      stderr: "ignore",
    });
    await client.connect(transport);
    return new DemoClient(client);
  }

  /** Names of the server's tools, in its order. */
  async toolNames(): Promise<string[]> {
    const { tools } = await this.#client.listTools();
    return tools.map(({ name }) => name);
  }

  /** Calls a tool. Answers its structured result, empty where the call failed. */
  async call(name: string, args: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const { structuredContent } = await this.#client.callTool({ name, arguments: args });
    return structuredContent !== null && typeof structuredContent === "object"
      ? { ...structuredContent }
      : {};
  }

  /** Disconnects. A child ends with it. */
  async close(): Promise<void> {
    await this.#client.close();
  }
}

function newClient(): Client {
  return new Client({ name: "feishu-token-mcp-demo", version: VERSION });
}
