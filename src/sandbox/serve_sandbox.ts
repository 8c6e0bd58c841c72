import type { IncomingMessage, ServerResponse } from "node:http";
import type { Log } from "../ports/log.ts";
import type { Random } from "../ports/random.ts";
import { jsonAnswer, textAnswer } from "./answer.ts";
import { callFields } from "./call_fields.ts";
import type { ExchangeEnd } from "./calls.ts";
import { ClientAddresses, type SandboxClient } from "./client_addresses.ts";
import { ClockFollowers } from "./clock_followers.ts";
import { answerControl, CONTROL_PREFIX } from "./control.ts";
import { deliver, type Delivery } from "./deliver.ts";
import { readFeishuRequest } from "./feishu_request.ts";
import { listenOnLoopback } from "./listen_on_loopback.ts";
import { createLogId, createRequestId } from "./log_id.ts";
import type { OffsetClock } from "./offset_clock.ts";
import { createSandbox, type Sandbox } from "./sandbox.ts";
import type { SandboxDump } from "./sandbox_dump.ts";
import { BodyTooLongError, cut, readBody, sendAnswer, sendHalf } from "./wire.ts";

/** Where a sandbox that is kept tells its id. */
export const SANDBOX_ID_PATH = "/_sandbox/id";

/** Options of {@linkcode serveSandbox}. */
export interface ServeSandboxOptions {
  /** Shared with a server in the same process, so that both have the same time. */
  readonly clock: OffsetClock;
  /** For token texts and log ids. */
  readonly random: Random;
  /**
   * TCP port; 0 chooses a free one.
   *
   * @default {0}
   */
  readonly port?: number;
  /** Gets a line at debug for each call at its end. */
  readonly log?: Log;
  /** What another process has left. */
  readonly dump?: SandboxDump;
  /** Told what outlives the process after each request, before that is answered. */
  readonly keep?: (dump: SandboxDump) => Promise<void>;
  /** Told to those who ask at `/_sandbox/id`, so that they know whose port it is. */
  readonly id?: string;
}

/** A sandbox that listens. */
export interface ServedSandbox {
  /** Origin, for instance `http://127.0.0.1:8082`. */
  readonly url: string;
  /** TCP port. */
  readonly port: number;
  /** Cuts every connection and resolves when nothing of the sandbox runs any more. May be called again. */
  close(): Promise<void>;
}

/**
 * Starts a simulated Feishu on 127.0.0.1, with every path on one origin. Prints nothing.
 *
 * @throws MovedError when it would listen on another address; the system's error when the port cannot be used.
 */
export async function serveSandbox(options: ServeSandboxOptions): Promise<ServedSandbox> {
  const sandbox = createSandbox(options);
  if (options.dump !== undefined) sandbox.load(options.dump);
  const keep = async (): Promise<void> => await options.keep?.(sandbox.dump());
  const followers = new ClockFollowers(sandbox.clock);
  const closing = new AbortController();
  const inProgress = new Set<Promise<void>>();

  const answer = (
    request: IncomingMessage,
    response: ServerResponse,
    client: SandboxClient | undefined,
  ): void => {
    const handled = handle(
      {
        sandbox,
        followers,
        clients,
        closing: closing.signal,
        client,
        log: options.log,
        keep,
        id: options.id,
      },
      request,
      response,
    );
    inProgress.add(handled);
    handled.finally(() => inProgress.delete(handled));
  };
  const clients = new ClientAddresses((client, request, response) => answer(request, response, client));
  const { server, url, port } = await listenOnLoopback(
    options.port ?? 0,
    (request, response) => answer(request, response, undefined),
  );

  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
    closing.abort(new Error("The sandbox is closing"));
    server.closeAllConnections();
    await Promise.all([stopped, clients.closeAll(), ...inProgress]);
  };
  return { url, port, close: () => closed ??= close() };
}

interface Served {
  readonly sandbox: Sandbox;
  readonly followers: ClockFollowers;
  readonly clients: ClientAddresses;
  readonly closing: AbortSignal;
  /** The client to whose address the request came; `undefined` for the common address. */
  readonly client: SandboxClient | undefined;
  readonly log: Log | undefined;
  readonly keep: () => Promise<void>;
  readonly id: string | undefined;
}

/** Handles one request. Never rejects: an error cuts the connection or is answered with 500. */
async function handle(served: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { closing } = served;
  const gone = new AbortController();
  response.on("close", () => gone.abort(new Error("The client has left")));
  try {
    const { pathname, searchParams } = readUrl(request.url ?? "/");
    if (pathname === SANDBOX_ID_PATH && served.id !== undefined) {
      return sendAnswer(response, jsonAnswer(200, { id: served.id }), {});
    }
    if (pathname.startsWith(CONTROL_PREFIX)) {
      await handleControl(served, request, response, { pathname, searchParams, clientGone: gone.signal });
    } else {
      await handleCall(served, request, response, { pathname, searchParams, clientGone: gone.signal });
    }
  } catch (error) {
    if (closing.aborted || gone.signal.aborted || response.headersSent) return cut(response);
    if (error instanceof BodyTooLongError) {
      return sendAnswer(response, textAnswer(413, error.message), { connection: "close" });
    }
    // An error of the sandbox itself. Its text may quote the request, so that only its class is shown.
    const kind = error instanceof Error ? error.name : typeof error;
    sendAnswer(response, textAnswer(500, `The sandbox failed: ${kind}`), {});
  }
}

async function handleControl(
  { sandbox, followers, clients, closing, client, keep }: Served,
  request: IncomingMessage,
  response: ServerResponse,
  given: {
    readonly pathname: string;
    readonly searchParams: URLSearchParams;
    readonly clientGone: AbortSignal;
  },
): Promise<void> {
  const answer = await answerControl({ sandbox, followers, clients }, {
    method: request.method ?? "GET",
    path: given.pathname,
    query: given.searchParams,
    host: request.headers.host,
    target: URL.parse(request.url ?? "")?.host ?? request.headers.host,
    origin: request.headers.origin,
    body: await readBody(request),
    client,
    signal: AbortSignal.any([closing, given.clientGone]),
  });
  const logId = createLogId(sandbox.clock.now(), sandbox.random);
  await keep();
  sendAnswer(response, answer, commonHeaders(sandbox, client, logId));
}

async function handleCall(
  { sandbox, closing, client, log, keep }: Served,
  request: IncomingMessage,
  response: ServerResponse,
  given: {
    readonly pathname: string;
    readonly searchParams: URLSearchParams;
    readonly clientGone: AbortSignal;
  },
): Promise<void> {
  const method = request.method ?? "GET";
  const path = given.pathname;
  const nowMs = sandbox.clock.now();
  const logId = createLogId(nowMs, sandbox.random);
  const call = sandbox.calls.arrived({
    at: nowMs / 1000,
    method,
    path,
    log_id: logId,
    ...(client === undefined ? {} : { via: { client: client.name, began_ms: sandbox.clock.monotonic() } }),
  });
  let end: ExchangeEnd | undefined;
  const over = (how: ExchangeEnd): void => {
    end ??= how;
    call.over(how, sandbox.clock.monotonic());
  };
  const writeLine = (): void => log?.debug("sandbox call", { ...callFields(sandbox, call.view()), end });
  given.clientGone.addEventListener("abort", () => over("left"));
  let body: string;
  try {
    body = await readBody(request);
  } catch (error) {
    call.decide(error instanceof BodyTooLongError ? "refused" : "dropped_before", null);
    writeLine();
    throw error;
  }
  const asked = readFeishuRequest({
    method,
    path,
    query: given.searchParams,
    host: request.headers.host,
    authorization: sandbox.behaviour.switches.strip_authorization ? undefined : request.headers.authorization,
    contentType: request.headers["content-type"],
    body,
    logId,
    client: client?.name,
  });
  let delivery: Delivery;
  try {
    delivery = await deliver(sandbox, asked, call, { closing, clientGone: given.clientGone });
    over(delivery.kind === "answer" ? "answered" : "cut");
  } finally {
    writeLine();
  }
  await keep();
  const headers = commonHeaders(sandbox, client, logId);
  switch (delivery.kind) {
    case "answer":
      return sendAnswer(response, delivery.answer, headers);
    case "truncate":
      return sendHalf(response, delivery.answer, headers);
    case "cut":
      return cut(response);
  }
}

function commonHeaders(
  { clock, random }: Sandbox,
  client: SandboxClient | undefined,
  logId: string,
): Readonly<Record<string, string>> {
  return {
    // By the sandbox's clock, which may have been moved away from this machine's.
    "Date": new Date(clock.now()).toUTCString(),
    // In Feishu's spelling: its SDK for Python looks for exactly this name.
    "X-Tt-Logid": logId,
    "X-Request-Id": createRequestId(random),
    "x-sandbox-clock-offset": String((clock.offsetMs + (client?.clockSkewMs ?? 0)) / 1000),
    "x-sandbox-clock-seq": String(clock.seq),
  };
}

/** Path and query of a request. A target that is no URL is read as `/`. */
function readUrl(target: string): { readonly pathname: string; readonly searchParams: URLSearchParams } {
  const url = URL.parse(target, "http://127.0.0.1");
  return { pathname: url?.pathname ?? "/", searchParams: url?.searchParams ?? new URLSearchParams() };
}
