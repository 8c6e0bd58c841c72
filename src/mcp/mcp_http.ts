import { BodyReader, type UnreadBody } from "../http/body_reader.ts";
import type { HeldBytes } from "../http/byte_budget.ts";
import { JsonAnswer } from "../http/json_answer.ts";
import { JSON_RPC_CODE, jsonRpcRefusal } from "../http/json_rpc_refusal.ts";
import { type Exchange, ExchangeTransport } from "./exchange_transport.ts";
import { waitingBytes } from "./kept_request.ts";
import { MESSAGE_BYTES_LIMIT } from "./message_limit.ts";
import { createPlainRequests } from "./plain_requests.ts";
import { type PostedMessages, readPostedMessages } from "./posted_messages.ts";
import { type RequestId, SUPPORTED_PROTOCOL_VERSIONS } from "./sdk.ts";
import { type McpCall, Toolbox, type ToolboxOptions } from "./toolbox.ts";

/** What {@linkcode createMcpHttpHandler} needs. */
export interface McpHttpOptions extends ToolboxOptions {
  /** The program's version. */
  readonly version: string;
  /** Aborted when the server is about to end: bodies that are not read to their end by then are given up. */
  readonly stopping?: AbortSignal;
}

/** When a request that was turned away may be sent again: most bodies are read in a moment. */
const RETRY_AFTER_SECONDS = 1;

/** A shorter body is counted as it came while its calls wait: to look what is kept of it would take longer. */
const SMALL_BODY_CHARACTERS = 16 * 1024;

type Posted = Extract<PostedMessages, { kind: "messages" }>;

/** For the log alone: whoever would read the answer has hung up. nginx coined it. */
const STATUS_CLIENT_CLOSED_REQUEST = 499;

/**
 * Makes the handler of `/mcp`: Streamable HTTP without sessions, so that any instance may answer any request. POST only,
 * JSON answers, one server for all requests. A hang-up stops the tool that its caller waits for.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http
 */
export function createMcpHttpHandler(
  options: McpHttpOptions,
): (request: Request, call: McpCall) => Promise<Response | JsonAnswer> {
  const toolbox = new Toolbox(options);
  const plainRequests = createPlainRequests(toolbox);
  const transport = new ExchangeTransport();
  const bodies = new BodyReader({
    limitBytes: MESSAGE_BYTES_LIMIT,
    clock: options.clock,
    stopping: options.stopping,
  });
  let connected: Promise<void> | undefined;

  /** Loads the SDK's server when a request needs it, which spares a server that nobody talks to some MiB. */
  function connect(): Promise<void> {
    return connected ??= load().catch((error: unknown) => {
      connected = undefined;
      throw error;
    });
  }

  async function load(): Promise<void> {
    const { createMcpServer } = await import("./mcp_server.ts");
    const callOf = (id: RequestId): McpCall => transport.callOf(id);
    await createMcpServer({ toolbox, version: options.version, callOf }).connect(transport);
  }

  return async (request, call) => {
    const refusal = refuseByHeaders(request);
    if (refusal !== undefined) return refusal;
    const owner = call.caller?.address;
    const held = bodies.share(request, owner);
    let heldByBatch: HeldBytes | undefined;
    try {
      const posted = await read(request, call, held);
      if (posted instanceof Response) return posted;
      if (posted.requests.length > 1) {
        // Counts with the long bodies, however short it was: a flood of batches blocks no single call.
        held.hold(0);
        heldByBatch = bodies.largeShare(owner);
        if (!heldByBatch.hold(allWaitingBytes(posted))) return refuseBody("busy", call);
      }
      return await answer(request, call, posted);
    } finally {
      held.hold(0);
      heldByBatch?.hold(0);
    }
  };

  /** Nothing of the body is in memory when this is over, but the messages with what is read of them. */
  async function read(request: Request, call: McpCall, held: HeldBytes): Promise<Posted | Response> {
    const body = await bodies.read(request, held);
    if (request.signal.aborted) return callerGone();
    if (body.kind !== "text") return refuseBody(body.kind, call);
    const message = parse(body.text);
    if (message === undefined) return refuseMessage("parseError", "Parse error: invalid JSON");
    const posted = readPostedMessages(message);
    if (posted.kind === "unreadable") return refuseMessage("parseError", "Parse error: no JSON-RPC message");
    if (posted.kind === "invalid") return refuseMessage("invalidRequest", `Invalid request: ${posted.rule}`);
    if (body.text.length > SMALL_BODY_CHARACTERS) held.hold(allWaitingBytes(posted));
    return posted;
  }

  function refuseBody(why: UnreadBody, { log }: McpCall): Response {
    if (why === "busy" || why === "crowded_out") {
      const event = "requests turned away: too many are in flight";
      options.repeated?.write(log, { kind: event, level: "warn", event });
    }
    return bodyRefusal(why);
  }

  async function answer(request: Request, call: McpCall, posted: Posted): Promise<Response | JsonAnswer> {
    const { signal } = request;
    const { requests, isBatch, isInitialize } = posted;
    if (!isInitialize && !isKnownVersion(request.headers.get("mcp-protocol-version"))) {
      return refuse(
        400,
        `Bad request: MCP-Protocol-Version must be one of ${SUPPORTED_PROTOCOL_VERSIONS.join(", ")}`,
      );
    }
    const [first] = requests;
    if (first === undefined) return new Response(null, { status: 202 });

    if (!isBatch) {
      const answer = plainRequests(first, call, signal);
      if (answer !== undefined) {
        const json = typeof answer === "string" ? answer : await answer;
        return signal.aborted ? callerGone() : new JsonAnswer(json);
      }
    }
    await connect();
    if (signal.aborted) return callerGone();
    const exchanges = requests.map((each) => transport.exchange(each, call));
    return await untilGone(signal, exchanges, async () => {
      const [one, ...more] = await Promise.all(exchanges.map(({ answer }) => answer));
      return new JsonAnswer(JSON.stringify(isBatch ? [one, ...more] : one));
    });
  }
}

/** What `answer` makes of the exchanges; where `signal` is aborted first, they are cancelled. */
async function untilGone(
  signal: AbortSignal,
  exchanges: readonly Exchange[],
  answer: () => Promise<JsonAnswer>,
): Promise<Response | JsonAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<Response | JsonAnswer>();
  const onAbort = (): void => {
    for (const exchange of exchanges) exchange.cancel();
    resolve(callerGone());
  };
  signal.addEventListener("abort", onAbort, { once: true });
  answer().then(resolve, reject);
  try {
    return await promise;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** Clients of before 2025-06-18 do not send the header. */
function isKnownVersion(version: string | null): boolean {
  return version === null || SUPPORTED_PROTOCOL_VERSIONS.includes(version);
}

/** What can be refused before anything of the body is read. */
function refuseByHeaders({ method, headers }: Request): Response | undefined {
  if (method !== "POST") {
    return refuse(
      405,
      "Method not allowed: this endpoint takes POST alone, it has no sessions and no streams",
      {
        allow: "POST",
      },
    );
  }
  const accept = headers.get("accept") ?? "";
  if (!accept.includes("application/json") || !accept.includes("text/event-stream")) {
    return refuse(406, "Not acceptable: Accept must list both application/json and text/event-stream");
  }
  const mediaType = headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
  if (mediaType !== "application/json") {
    return refuse(415, "Unsupported media type: Content-Type must be application/json");
  }
  return undefined;
}

/** The JSON value that `text` spells, `undefined` where it spells none. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function allWaitingBytes({ requests }: Posted): number {
  return requests.reduce((sum, each) => sum + waitingBytes(each), 0);
}

function bodyRefusal(why: UnreadBody): Response {
  switch (why) {
    case "too_large":
      return refuse(413, `Payload too large: the body must not exceed ${MESSAGE_BYTES_LIMIT} bytes`);
    case "broken":
      return refuse(400, "Bad request: the body could not be read to its end");
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
        "Service unavailable: the body had not arrived when others needed the room; call again",
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

function refuseMessage(code: "parseError" | "invalidRequest", message: string): Response {
  return jsonRpcRefusal({ status: 400, code: JSON_RPC_CODE[code], message });
}
