import type { Readable, Writable } from "node:stream";
import type { CredentialSource } from "../ports/credential_source.ts";
import type { Log } from "../ports/log.ts";
import { InFlight } from "./in_flight.ts";
import { createMcpServer } from "./mcp_server.ts";
import { StdioServerTransport } from "./sdk_stdio.ts";
import { type McpCall, Toolbox, type ToolboxOptions } from "./toolbox.ts";

/** What serving one client on standard input and output takes. */
export interface StdioOptions extends ToolboxOptions {
  /** The program's version. */
  readonly version: string;
  /** The credentials of every call. */
  readonly credentials: CredentialSource;
  /** Each call gets one with its request id. */
  readonly log: Log;
  /** Makes an id for every tool call. */
  readonly newRequestId: () => string;
  /** Aborted to stop: calls in flight are answered, nothing more is read. */
  readonly signal?: AbortSignal;
  /** JSON-RPC messages, one a line. */
  readonly stdin: Readable;
  /** Nothing else may write to it: it is the protocol. */
  readonly stdout: Writable;
}

/**
 * Serves MCP on standard input and output. Resolves when the input has ended (or the output is gone, or `signal` is
 * aborted) and every call in flight is answered. A line that is no JSON-RPC message is logged and skipped.
 */
export async function serveStdio(options: StdioOptions): Promise<void> {
  const { version, credentials, log, newRequestId, signal, stdin, stdout } = options;
  const transport = new StdioServerTransport(stdin, stdout);
  const inFlight = new InFlight(transport);
  const server = createMcpServer({
    toolbox: new Toolbox(options),
    version,
    callOf(): McpCall {
      const requestId = newRequestId();
      return { requestId, log: log.with({ request_id: requestId }), credentials };
    },
  });
  // Not its message: a parser's message quotes the line, and the line may hold a token.
  server.onerror = (error) => log.warn("stdio message ignored", { why: whyUnreadable(error) });

  const { promise: inputOver, resolve: stopReading } = Promise.withResolvers<void>();
  const { promise: outputGone, resolve: giveUp } = Promise.withResolvers<void>();
  const onInputOver = (): void => stopReading();
  const onOutputGone = (): void => giveUp();
  // The transport closes itself over a line of more than 10 MB, and nothing is answered after that.
  server.onclose = onOutputGone;
  for (const event of ["end", "close", "error"]) stdin.on(event, onInputOver);
  for (const event of ["close", "error"]) stdout.on(event, onOutputGone);
  signal?.addEventListener("abort", onInputOver, { once: true });
  if (signal?.aborted) onInputOver();

  try {
    await server.connect(transport);
    await Promise.race([inputOver, outputGone]);
    stdin.pause();
    await Promise.race([inFlight.settled(), outputGone]);
  } finally {
    await server.close();
    signal?.removeEventListener("abort", onInputOver);
    for (const event of ["end", "close", "error"]) stdin.off(event, onInputOver);
    for (const event of ["close", "error"]) stdout.off(event, onOutputGone);
  }
}

/** In words, and without anything of the line itself. */
function whyUnreadable({ name }: Error): string {
  if (name === "SyntaxError") return "a line that is not JSON";
  return name === "ZodError" ? "JSON that is no JSON-RPC message" : name;
}
