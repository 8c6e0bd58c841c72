import type { RepeatedLines } from "../../log/repeated_lines.ts";
import type { CredentialSource } from "../../ports/credential_source.ts";
import type { Log } from "../../ports/log.ts";
import type { Output } from "../../ports/output.ts";
import { type Answer, invalidRequestAnswer, notJsonAnswer } from "../messages/answer.ts";
import { answerMessages } from "../messages/answer_messages.ts";
import { InFlight } from "./in_flight.ts";
import { TOO_LONG } from "./line_splitter.ts";
import { type McpRequest, NO_ID } from "../messages/message.ts";
import { MESSAGE_BYTES_LIMIT } from "../messages/message_bytes_limit.ts";
import { readMessages, type ReceivedMessages } from "../messages/read_messages.ts";
import type { Responder } from "../responder.ts";
import type { StdioLine } from "./stdio_lines.ts";

/** The beginning of a message. Any other line comes from a wrapper program or a person, and gets no answer. */
const MESSAGE_START = /^\s*[[{]/;

/** The log event of a line that is answered with an error. */
const REFUSED = "stdio message refused";

/** The client on the standard streams: its requests are answered, and stopped where it cancels them. */
export class StdioClient {
  readonly #options: StdioClientOptions;
  readonly #inFlight = new InFlight();
  readonly #unwritten = new Set<Promise<void>>();

  /** Writes nothing before the first line. */
  constructor(options: StdioClientOptions) {
    this.#options = options;
  }

  /** Handles a line. Where it returns a promise, the next line has to wait for that. */
  handle(line: StdioLine): Promise<void> | void {
    if (line === TOO_LONG) {
      const rule = `a message must not exceed ${MESSAGE_BYTES_LIMIT} bytes`;
      return this.#refuse(
        invalidRequestAnswer(NO_ID, rule),
        `a line of more than ${MESSAGE_BYTES_LIMIT} bytes`,
      );
    }
    if (line.trim() === "") return;
    const received = readMessages(line);
    if (received === undefined) {
      // Here and below, nothing of the line is logged: it may hold a token.
      const why = "a line that is not JSON";
      if (MESSAGE_START.test(line)) return this.#refuse(notJsonAnswer(), why);
      return this.#warn("stdio line ignored", why);
    }
    const { messages } = received;
    for (const message of messages) {
      if (message.kind === "cancellation") this.#inFlight.cancel(message.id);
      if (message.kind === "invalid") this.#warn(REFUSED, message.rule);
    }
    const written = this.#answer(received).finally(() => this.#unwritten.delete(written));
    this.#unwritten.add(written);
    // A client that sends everything at once must get the answer to its handshake first.
    if (messages.some((each) => each.kind === "request" && each.method === "initialize")) return written;
  }

  /** Resolves when every request handled so far is answered or cancelled. */
  async answered(): Promise<void> {
    await Promise.all(this.#unwritten);
  }

  /** Cancels all calls: the client has gone. */
  cancelAll(): void {
    this.#inFlight.cancelAll();
  }

  #refuse({ json }: Answer, why: string): void {
    this.#warn(REFUSED, why);
    this.#options.stdout.write(`${json}\n`);
  }

  /** @param why one of a fixed set, never a part of the line. */
  #warn(event: string, why: string): void {
    const { log, repeated } = this.#options;
    if (repeated === undefined) log.warn(event, { why });
    else repeated.write(log, { kind: `${event} ${why}`, level: "warn", event, fields: { why } });
  }

  async #answer(received: ReceivedMessages): Promise<void> {
    const answer = await answerMessages(
      received,
      (request) => this.#inFlight.follow(request.id, (signal) => this.#answerRequest(request, signal)),
    );
    if (answer !== undefined) this.#options.stdout.write(`${answer.json}\n`);
  }

  async #answerRequest(request: McpRequest, signal: AbortSignal): Promise<Answer> {
    const { respond, credentials, newRequestId } = this.#options;
    const requestId = newRequestId();
    const log = this.#options.log.with({ request_id: requestId });
    return await respond(request, { requestId, log, credentials, owner: "local" }, signal);
  }
}

/** What {@linkcode StdioClient} needs. */
export interface StdioClientOptions {
  /** Answers each request. */
  readonly respond: Responder;
  /** Used for every call. */
  readonly credentials: CredentialSource;
  /** Each call gets one that adds its request id. */
  readonly log: Log;
  /** Called for every request. */
  readonly newRequestId: () => string;
  /** Limits the log lines of refused and ignored input; without it every one is written. */
  readonly repeated?: RepeatedLines;
  /** Gets JSON-RPC messages, one a line. Nothing else may be written to it. */
  readonly stdout: Output;
}
