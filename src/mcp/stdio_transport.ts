import type { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import type { Output } from "../ports/output.ts";
import { LineSplitter, TOO_LONG } from "./line_splitter.ts";
import { MESSAGE_BYTES_LIMIT } from "./message_limit.ts";
import { JsonRpcErrorCode, type JSONRPCMessage, JSONRPCMessageSchema, type Transport } from "./sdk.ts";

/** Answers that nobody has read yet: beyond this, no further request is taken up. */
const UNSENT_BYTES_LIMIT = 4 * 1024 * 1024;
/**
 * What is read of the input although it is not taken up yet: as much as a pipe of Linux can be made to hold, so that the
 * end of the input behind it is seen.
 */
const READ_AHEAD_BYTES = 1024 * 1024;

/** The answer to a line that is longer than {@linkcode MESSAGE_BYTES_LIMIT}, whose id nobody has read. */
const TOO_LONG_ANSWER = JSON.stringify({
  jsonrpc: "2.0",
  id: null,
  error: {
    code: JsonRpcErrorCode.InvalidRequest,
    message: `Invalid request: a message must not exceed ${MESSAGE_BYTES_LIMIT} bytes`,
  },
});

/** Why a line was not taken: for the log, without anything of the line itself. */
export class IgnoredLine extends Error {
  /** `why` in a few words. */
  constructor(why: string) {
    super(why);
    this.name = "IgnoredLine";
  }
}

/**
 * JSON-RPC messages, one a line, on a pair of streams. Instead of the SDK's transport, which holds up to 10 MiB of a line
 * and then closes, and goes on reading while nobody reads what it answers.
 */
export class StdioTransport implements Transport {
  /** Set by the server: takes what the client sends. */
  onmessage?: NonNullable<Transport["onmessage"]>;
  /** Set by the server: called when the transport is closed. */
  onclose?: () => void;
  /** Set by the server: told of each line that is no message, as {@linkcode IgnoredLine}. */
  onerror?: (error: Error) => void;

  readonly #stdin: Readable;
  readonly #stdout: Output;
  readonly #lines = new LineSplitter(MESSAGE_BYTES_LIMIT);
  #waiting: (string | typeof TOO_LONG)[] = [];
  #waitingCharacters = 0;
  #isDelivering = false;
  #isStopped = false;
  #delivered = Promise.withResolvers<void>();

  /** Reads nothing before it is started. */
  constructor(stdin: Readable, stdout: Output) {
    this.#stdin = stdin;
    this.#stdout = stdout;
    this.#delivered.resolve();
  }

  /** Begins to read. */
  start(): Promise<void> {
    this.#stdin.on("data", this.#read);
    return Promise.resolve();
  }

  /** Ends the reading. What was read and not taken up yet is dropped. */
  stop(): void {
    this.#isStopped = true;
    this.#stdin.off("data", this.#read);
    this.#stdin.pause();
    this.#waiting = [];
  }

  /** Ends the reading and tells the server. */
  close(): Promise<void> {
    this.stop();
    this.onclose?.();
    return Promise.resolve();
  }

  /** Queues `message`. How fast the client reads is nothing that its sender waits for. */
  send(message: JSONRPCMessage): Promise<void> {
    this.#stdout.write(`${JSON.stringify(message)}\n`);
    return Promise.resolve();
  }

  /** Resolves when every line that was read so far has been taken up. */
  delivered(): Promise<void> {
    return this.#delivered.promise;
  }

  readonly #read = (chunk: Uint8Array): void => {
    for (const line of this.#lines.split(chunk)) {
      this.#waiting.push(line);
      this.#waitingCharacters += lengthOf(line);
    }
    if (this.#waitingCharacters > READ_AHEAD_BYTES) this.#stdin.pause();
    if (!this.#isDelivering && this.#waiting.length > 0) void this.#deliver();
  };

  async #deliver(): Promise<void> {
    this.#isDelivering = true;
    this.#delivered = Promise.withResolvers();
    while (this.#waiting.length > 0) {
      const lines = this.#waiting;
      this.#waiting = [];
      for (const [index, line] of lines.entries()) {
        // What the line before is answered with counts before this one is taken up.
        if (index > 0) await setImmediate();
        await this.#stdout.drained(UNSENT_BYTES_LIMIT);
        if (this.#isStopped) break;
        this.#take(line);
        this.#waitingCharacters -= lengthOf(line);
        if (this.#waitingCharacters <= READ_AHEAD_BYTES && this.#stdin.isPaused()) this.#stdin.resume();
      }
    }
    this.#isDelivering = false;
    this.#delivered.resolve();
  }

  #take(line: string | typeof TOO_LONG): void {
    try {
      if (line === TOO_LONG) {
        this.#stdout.write(`${TOO_LONG_ANSWER}\n`);
        throw new IgnoredLine(`a line of more than ${MESSAGE_BYTES_LIMIT} bytes`);
      }
      this.onmessage?.(readMessage(line));
    } catch (error) {
      // Not the error's own message: a parser's quotes the line, and the line may hold a token.
      this.onerror?.(error instanceof IgnoredLine ? error : new IgnoredLine(nameOf(error)));
    }
  }
}

function readMessage(line: string): JSONRPCMessage {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new IgnoredLine("a line that is not JSON");
  }
  const { success, data } = JSONRPCMessageSchema.safeParse(value);
  if (!success) throw new IgnoredLine("JSON that is no JSON-RPC message");
  return data;
}

/** With what stands for the line's end: a short line takes memory too. */
function lengthOf(line: string | typeof TOO_LONG): number {
  return line === TOO_LONG ? 1 : line.length + 1;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
