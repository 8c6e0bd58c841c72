import { acceptsJson } from "../http/accepts_json.ts";
import { BodyReader, type UnreadBody } from "../http/body/body_reader.ts";
import type { HeldBytes } from "../http/body/byte_budget.ts";
import { JsonAnswer } from "../http/json_answer.ts";
import { JSON_RPC_CODE, jsonRpcRefusal } from "../http/json_rpc_refusal.ts";
import { type Answer, errorAnswer, invalidRequestAnswer, notJsonAnswer } from "./messages/answer.ts";
import { answerMessages } from "./messages/answer_messages.ts";
import { NO_ID } from "./messages/message.ts";
import { MESSAGE_BYTES_LIMIT } from "./messages/message_bytes_limit.ts";
import { readMessages, type ReceivedMessages, waitingBytes } from "./messages/read_messages.ts";
import { hasNoBatches, refuseHeaders, refuseVersion } from "./refuse_headers.ts";
import { createResponder } from "./responder.ts";
import { type McpCall, Toolbox, type ToolboxOptions } from "./calls/toolbox.ts";

/** What {@linkcode createMcpHttpHandler} needs. */
export interface McpHttpOptions extends ToolboxOptions {
  /** The program's version. */
  readonly version: string;
  /** Aborted when the server is about to end: bodies that are still incomplete are given up. */
  readonly stopping?: AbortSignal;
}

/** After this a request that was turned away may be sent again: most bodies arrive in a moment. */
const RETRY_AFTER_SECONDS = 1;

/** A shorter body counts in full while its calls wait: measuring what is kept of it would take longer. */
const SMALL_BODY_CHARACTERS = 16 * 1024;

/** nginx's status for a caller that has hung up. Only the log shows it. */
const STATUS_CLIENT_CLOSED_REQUEST = 499;

/**
 * Makes the handler of `/mcp`: Streamable HTTP without sessions, so that any instance can answer any request. It
 * takes POST alone and answers with JSON. Where a caller hangs up, its tool is stopped.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http
 */
export function createMcpHttpHandler(
  options: McpHttpOptions,
): (request: Request, call: McpCall) => Promise<Response | JsonAnswer> {
  const respond = createResponder({ ...options, toolbox: new Toolbox(options) });
  const refuseUnread = createHeaderCheck();
  const bodies = new BodyReader({
    limitBytes: MESSAGE_BYTES_LIMIT,
    clock: options.clock,
    stopping: options.stopping,
  });

  return async (request, call) => {
    const refusal = refuseUnread(request);
    if (refusal !== undefined) return refusal;
    const owner = call.caller?.address;
    const held = bodies.share(request, owner);
    let heldByBatch: HeldBytes | undefined;
    try {
      const received = await read(request, call, held);
      if (received instanceof Response || received instanceof JsonAnswer) return received;
      if (received.messages.length > 1) {
        // A batch counts as a long body, however short it was, so that a flood of batches blocks no single call.
        held.hold(0);
        heldByBatch = bodies.largeShare(owner);
        if (!heldByBatch.hold(bytesOf(received))) return refuseBody("busy", call);
      }
      const { headers, signal } = request;
      if (received.isBatch && hasNoBatches(headers)) {
        return responseTo(invalidRequestAnswer(NO_ID, "the revision that the headers name has no batches"));
      }
      const answer = await answerMessages(received, (asked) => {
        const refused = refuseHeaders(asked, headers);
        return refused === undefined ? respond(asked, call, signal) : errorAnswer(asked.id, refused);
      });
      return signal.aborted ? callerGone() : responseTo(answer ?? unanswered(headers));
    } finally {
      held.hold(0);
      heldByBatch?.hold(0);
    }
  };

  /** Afterwards the body is no longer in memory, only its messages are. */
  async function read(
    request: Request,
    call: McpCall,
    held: HeldBytes,
  ): Promise<ReceivedMessages | Response | JsonAnswer> {
    const body = await bodies.read(request, held);
    if (request.signal.aborted) return callerGone();
    if (body.kind !== "text") return refuseBody(body.kind, call);
    const received = readMessages(body.text);
    if (received === undefined) return responseTo(notJsonAnswer());
    if (body.text.length > SMALL_BODY_CHARACTERS) held.hold(bytesOf(received));
    return received;
  }

  function refuseBody(why: UnreadBody, { log }: McpCall): Response {
    if (why === "busy" || why === "crowded_out") {
      const event = "requests turned away: too many are in flight";
      options.repeated?.write(log, { kind: event, level: "warn", event });
    }
    return bodyRefusal(why);
  }
}

/** The answer to a body without requests: none, unless its headers name an unknown revision. */
function unanswered(headers: Headers): Answer | undefined {
  const refusal = refuseVersion(headers);
  return refusal === undefined ? undefined : errorAnswer(NO_ID, refusal);
}

function responseTo(answer: Answer | undefined): Response | JsonAnswer {
  return answer === undefined ? new Response(null, { status: 202 }) : new JsonAnswer(answer.json, answer);
}

function bytesOf({ messages }: ReceivedMessages): number {
  return messages.reduce((sum, message) => sum + (message.kind === "request" ? waitingBytes(message) : 0), 0);
}

/** Makes the check of method and headers, which comes before the body is read. */
function createHeaderCheck(): (request: Request) => Response | undefined {
  // Nearly every request has the same `Accept`.
  let lastAccept: string | null = null;
  let isLastAccepted = true;

  function isAccepted(accept: string | null): boolean {
    if (accept !== lastAccept) {
      isLastAccepted = acceptsJson(accept);
      lastAccept = accept;
    }
    return isLastAccepted;
  }

  return ({ method, headers }) => {
    if (method !== "POST") {
      return refuse(
        405,
        "Method not allowed: this endpoint takes POST alone, it has no sessions and no streams",
        { allow: "POST" },
      );
    }
    if (!isAccepted(headers.get("accept"))) {
      return refuse(406, "Not acceptable: answers are application/json, which Accept excludes");
    }
    const mediaType = headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
    if (mediaType !== "application/json") {
      return refuse(415, "Unsupported media type: Content-Type must be application/json");
    }
    const coding = headers.get("content-encoding")?.trim().toLowerCase() ?? "";
    if (coding !== "" && coding !== "identity") {
      return refuse(415, "Unsupported media type: the body must come without Content-Encoding", {
        "accept-encoding": "identity",
      });
    }
    return undefined;
  };
}

function bodyRefusal(why: UnreadBody): Response {
  switch (why) {
    case "too_large":
      return refuse(413, `Payload too large: the body must not exceed ${MESSAGE_BYTES_LIMIT} bytes`);
    case "broken":
      return refuse(400, "Bad request: the body did not arrive as a whole; call again");
    case "timed_out":
      return refuse(408, "Request timeout: the body was not complete within 30 seconds", {
        connection: "close",
      });
    case "busy":
      return refuse(503, "Service unavailable: too many requests are in flight; call again in a moment", {
        "retry-after": String(RETRY_AFTER_SECONDS),
      });
    case "crowded_out":
      return refuse(
        503,
        "Service unavailable: the body was still incomplete when other requests needed the memory; call again",
        {
          connection: "close",
          "retry-after": String(RETRY_AFTER_SECONDS),
        },
      );
    case "stopping":
      return refuse(503, "Service unavailable: the server is stopping; call again when it is back", {
        "retry-after": String(RETRY_AFTER_SECONDS),
      });
  }
}

function callerGone(): Response {
  return new Response(null, { status: STATUS_CLIENT_CLOSED_REQUEST });
}

function refuse(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Response {
  return jsonRpcRefusal({ status, code: JSON_RPC_CODE.refused, message, headers });
}
