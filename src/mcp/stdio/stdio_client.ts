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

/** What {@linkcode StdioClient} needs. */
export interface StdioClientOptions {
  /** Answers each request. */
  readonly respond: Responder;
  /** The credentials of every call. */
  readonly credentials: CredentialSource;
  /** Each call gets one with its request id. */
  readonly log: Log;
  /** Makes an id for every request. */
  readonly newRequestId: () => string;
  /** Counts the lines of what is ignored; without it each is written. */
  readonly repeated?: RepeatedLines;
  /** JSON-RPC messages, one a line. Nothing else may write to it: it is the protocol. */
  readonly stdout: Output;
}

/** How a message begins. Any other line is something that a wrapper or a person has let slip in. */
const MESSAGE_START = /^\s*[[{]/;

/** The event of a line that is answered with an error. */
const REFUSED = "stdio message refused";

/** The client at the other end of the standard streams: what it sends is answered, what it takes back is stopped. */
export class StdioClient {
  readonly #options: StdioClientOptions;
  readonly #inFlight = new InFlight();
  readonly #unwritten = new Set<Promise<void>>();

  /** Nothing is written before something is taken. */
  constructor(options: StdioClientOptions) {
    this.#options = options;
  }

  /** Takes up a line. What is returned is pending as long as nothing that came behind it may be taken up. */
  take(line: StdioLine): Promise<void> | void {
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
      // Nothing of the line itself, here and below: it may hold a token.
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
    // Clients that send everything at once get the answer to their handshake first, all the same.
    if (messages.some((each) => each.kind === "request" && each.method === "initialize")) return written;
  }

  /** Resolves when every request that was taken up is answered or cancelled. */
  async settled(): Promise<void> {
    await Promise.all(this.#unwritten);
  }

  /** Ends the waits of all calls: nobody is there any more. */
  leave(): void {
    this.#inFlight.cancelAll();
  }

  #refuse({ json }: Answer, why: string): void {
    this.#warn(REFUSED, why);
    this.#options.stdout.write(`${json}\n`);
  }

  /** `why` is one of a few, and never says what was in the line. */
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
    return await respond(request, { requestId, log, credentials }, signal);
  }
}
