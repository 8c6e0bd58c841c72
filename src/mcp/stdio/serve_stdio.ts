import type { Readable } from "node:stream";
import type { Clock } from "../../ports/clock.ts";
import type { Output } from "../../ports/output.ts";
import { TIME_IS_UP, within } from "../../concurrency/within.ts";
import { createResponder } from "../responder.ts";
import { StdioClient, type StdioClientOptions } from "./stdio_client.ts";
import { StdioLines } from "./stdio_lines.ts";
import { Toolbox, type ToolboxOptions } from "../calls/toolbox.ts";

/** A client that takes none of its answers for this long while the server ends is not waited for any longer. */
const UNREAD_MS = 2000;

/** What serving one client on standard input and output takes. */
export interface StdioOptions extends ToolboxOptions, Omit<StdioClientOptions, "respond"> {
  /** The program's version. */
  readonly version: string;
  /** Aborted to stop: calls in flight are answered, nothing more is read. */
  readonly signal?: AbortSignal;
  /** JSON-RPC messages, one a line. */
  readonly stdin: Readable;
}

/**
 * Serves MCP on standard input and output. Resolves when the input has ended (or the output is gone, or `signal` is
 * aborted) and every call in flight is answered; answers that nobody reads are not waited for.
 */
export async function serveStdio(options: StdioOptions): Promise<void> {
  const { signal, stdin, stdout, clock } = options;
  const respond = createResponder({ ...options, toolbox: new Toolbox(options) });
  const client = new StdioClient({ ...options, respond });

  const { promise: inputOver, resolve: onInputOver } = Promise.withResolvers<void>();
  const { promise: told, resolve: onTold } = Promise.withResolvers<void>();
  // Listens for the end of the input first, so that the last line is known when it is over.
  const lines = new StdioLines(stdin, stdout, (line) => client.take(line));
  const stop = (): void => onTold();
  const endInput = (): void => onInputOver();
  for (const event of ["end", "close", "error"]) stdin.on(event, endInput);
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted) stop();
  const gone = Promise.race([stdout.failed, told]);

  try {
    await Promise.race([inputOver, gone]);
    // Requests that came before the end of the input are still taken up, as long as the answers to others are read.
    await whileRead(Promise.race([lines.delivered(), gone]), stdout, clock);
    lines.stop();
    await Promise.race([client.settled(), stdout.failed]);
    await whileRead(Promise.race([stdout.drained(), stdout.failed]), stdout, clock);
  } finally {
    lines.stop();
    client.leave();
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
