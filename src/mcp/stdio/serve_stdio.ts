import type { Clock } from "../../ports/clock.ts";
import type { Input } from "../../ports/input.ts";
import type { Output } from "../../ports/output.ts";
import { TIME_IS_UP, within } from "../../concurrency/within.ts";
import { createResponder } from "../responder.ts";
import { StdioClient, type StdioClientOptions } from "./stdio_client.ts";
import { StdioLines } from "./stdio_lines.ts";
import { Toolbox, type ToolboxOptions } from "../calls/toolbox.ts";

/** While the server ends: how long it waits for a client that reads none of its answers. */
const UNREAD_MS = 2000;

/** What {@linkcode serveStdio} needs. */
export interface StdioOptions extends ToolboxOptions, Omit<StdioClientOptions, "respond"> {
  /** The program's version. */
  readonly version: string;
  /** Aborted to stop: calls in progress are answered, nothing more is read. */
  readonly signal?: AbortSignal;
  /** JSON-RPC messages, one a line. */
  readonly stdin: Input;
  /** Called when the input has ended, while calls may still be in progress. */
  readonly onInputOver?: () => void;
}

/**
 * Serves MCP on standard input and output. Resolves when the input has ended (or the output has failed, or `signal` is
 * aborted) and every call in progress is answered. It does not wait for a client that reads no answers.
 */
export async function serveStdio(options: StdioOptions): Promise<void> {
  const { signal, stdin, stdout, clock } = options;
  const respond = createResponder({ ...options, toolbox: new Toolbox(options) });
  const client = new StdioClient({ ...options, respond });

  const { promise: stopped, resolve: onStopped } = Promise.withResolvers<void>();
  const lines = new StdioLines(stdin, stdout, (line) => client.handle(line));
  const stop = (): void => onStopped();
  const inputOver = lines.over.then(() => options.onInputOver?.());
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted) stop();
  const gone = Promise.race([stdout.failed, stopped]);

  try {
    await Promise.race([inputOver, gone]);
    // Requests that came before the end of the input are still handled, as long as the client reads answers.
    await whileClientReads(Promise.race([lines.handled(), gone]), stdout, clock);
    lines.stop();
    await Promise.race([client.answered(), stdout.failed]);
    await whileClientReads(Promise.race([stdout.drained(), stdout.failed]), stdout, clock);
  } finally {
    lines.stop();
    client.cancelAll();
    signal?.removeEventListener("abort", stop);
  }
}

/** Waits for `work`, but gives up once the client has read nothing for {@linkcode UNREAD_MS} milliseconds. */
async function whileClientReads(work: Promise<unknown>, stdout: Output, clock: Clock): Promise<void> {
  let isDone = false;
  const done = work.then(() => isDone = true);
  while (!isDone) {
    const outcome = await within(clock, UNREAD_MS, Promise.race([done, stdout.progress()]));
    if (outcome === TIME_IS_UP && stdout.unsentBytes > 0) return;
  }
}
