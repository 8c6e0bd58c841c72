import { Client } from "@modelcontextprotocol/sdk/client";
// @ts-types="@modelcontextprotocol/sdk/client/stdio"
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
// @ts-types="@modelcontextprotocol/sdk/client/streamableHttp"
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

/** A program that speaks MCP on its standard streams, as a host starts it. */
export interface StdioServer {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The working directory. */
  readonly cwd: string;
}

/** The official client, connected. */
export class OfficialClient implements AsyncDisposable {
  readonly #client = new Client({ name: "client-test", version: "1.0.0" });
  /** The child, over stdio. */
  #pid: number | null = null;

  /** Connects to the endpoint `url`. */
  static async overHttp(url: string): Promise<OfficialClient> {
    const client = new OfficialClient();
    const transport = new StreamableHTTPClientTransport(new URL(url));
    // The SDK's own types disagree under exactOptionalPropertyTypes: `sessionId` may be undefined.
    await client.#client.connect(transport as Parameters<Client["connect"]>[0]);
    return client;
  }

  /** Starts `server` and connects to it. */
  static async overStdio({ command, args, env, cwd }: StdioServer): Promise<OfficialClient> {
    const client = new OfficialClient();
    const transport = new StdioClientTransport({
      command,
      args: [...args],
      env: { ...env },
      cwd,
      stderr: "ignore",
    });
    await client.#client.connect(transport);
    client.#pid = transport.pid;
    return client;
  }

  /** Names of the server's tools. */
  async toolNames(): Promise<string[]> {
    const { tools } = await this.#client.listTools();
    return tools.map(({ name }) => name);
  }

  /** Calls a tool; what it answered, whether it worked or not. */
  async call(name: string, args: Record<string, unknown> = {}): ReturnType<Client["callTool"]> {
    return await this.#client.callTool({ name, arguments: args });
  }

  /** Sends a signal to the child that it speaks to over stdio. */
  signal(signal: Deno.Signal): void {
    if (this.#pid === null) throw new Error("Over HTTP there is no child");
    Deno.kill(this.#pid, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#pid === null) return await this.#client.close();
    // The SDK's own way leaves a timer of two seconds behind.
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    this.#client.onclose = resolve;
    this.signal("SIGTERM");
    // One that a failed test has left stopped would not end.
    this.signal("SIGCONT");
    await closed;
  }
}
