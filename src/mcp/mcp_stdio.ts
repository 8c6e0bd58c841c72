import type { Readable } from "node:stream";
import type { Clock } from "../ports/clock.ts";
import type { CredentialSource } from "../ports/credential_source.ts";
import type { Log } from "../ports/log.ts";
import type { Output } from "../ports/output.ts";
import { TIME_IS_UP, within } from "../time/within.ts";
import { InFlight } from "./in_flight.ts";
import { createMcpServer } from "./mcp_server.ts";
import { IgnoredLine, StdioTransport } from "./stdio_transport.ts";
import { type McpCall, Toolbox, type ToolboxOptions } from "./toolbox.ts";

/** A client that takes none of its answers for this long while the server ends is not waited for any longer. */
const UNREAD_MS = 2000;

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
  readonly stdout: Output;
}

/**
 * Serves MCP on standard input and output. Resolves when the input has ended (or the output is gone, or `signal` is
 * aborted) and every call in flight is answered; answers that nobody reads are not waited for. A line that is no JSON-RPC
 * message is logged and skipped.
 */
export async function serveStdio(options: StdioOptions): Promise<void> {
  const { version, credentials, log, newRequestId, signal, stdin, stdout, clock, repeated } = options;
  const transport = new StdioTransport(stdin, stdout);
  const inFlight = new InFlight(transport);
  const server = createMcpServer({
    toolbox: new Toolbox(options),
    version,
    callOf(): McpCall {
      const requestId = newRequestId();
      return { requestId, log: log.with({ request_id: requestId }), credentials };
    },
  });
  // The SDK's own errors quote the message, which may hold a token.
  server.onerror = (error) => {
    const event = "stdio message ignored";
    const fields = { why: error instanceof IgnoredLine ? error.message : error.name };
    if (repeated === undefined) log.warn(event, fields);
    else repeated.write(log, { kind: `${event} ${fields.why}`, level: "warn", event, fields });
  };

  const { promise: inputOver, resolve: onInputOver } = Promise.withResolvers<void>();
  const { promise: told, resolve: onTold } = Promise.withResolvers<void>();
  const stop = (): void => onTold();
  const endInput = (): void => onInputOver();
  for (const event of ["end", "close", "error"]) stdin.on(event, endInput);
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted) stop();
  const gone = Promise.race([stdout.failed, told]);

  try {
    await server.connect(transport);
    await Promise.race([inputOver, gone]);
    // Requests that came before the end of the input are still taken up, as long as the answers to others are read.
    await whileRead(Promise.race([transport.delivered(), gone]), stdout, clock);
    transport.stop();
    await Promise.race([inFlight.settled(), stdout.failed]);
    await whileRead(Promise.race([stdout.drained(), stdout.failed]), stdout, clock);
  } finally {
    await server.close();
    signal?.removeEventListener("abort", stop);
    for (const event of ["end", "close", "error"]) stdin.off(event, endInput);
  }
}

/** Waits for `work`, but not for a client that leaves answers unread for {@linkcode UNREAD_MS}. */
async function whileRead(work: Promise<unknown>, stdout: Output, clock: Clock): Promise<void> {
  let isDone = false;
  const done = work.then(() => isDone = true);
  while (!isDone) {
    const outcome = await within(clock, UNREAD_MS, Promise.race([done, stdout.progress()]));
    if (outcome === TIME_IS_UP && stdout.unsentBytes > 0) return;
  }
}
