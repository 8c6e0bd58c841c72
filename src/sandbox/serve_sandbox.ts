import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Random } from "../ports/random.ts";
import { textAnswer } from "./answer.ts";
import { ClockFollowers } from "./clock_followers.ts";
import { answerControl, CONTROL_PREFIX } from "./control.ts";
import { deliver } from "./deliver.ts";
import { readFeishuRequest } from "./feishu_request.ts";
import { createLogId, createRequestId } from "./log_id.ts";
import type { OffsetClock } from "./offset_clock.ts";
import { MovedError } from "./moved_error.ts";
import { createSandbox, type Sandbox } from "./sandbox_state.ts";
import { BodyTooLongError, cut, readBody, sendAnswer, sendHalf } from "./wire.ts";

/** The sandbox shows tokens to whoever asks: it listens nowhere else. */
const HOSTNAME = "127.0.0.1";

/** What {@linkcode serveSandbox} needs. */
export interface ServeSandboxOptions {
  /** Shared with a server in the same process, so that ageing one ages both. */
  readonly clock: OffsetClock;
  /** Where token texts and log ids come from. */
  readonly random: Random;
  /**
   * TCP port; 0 takes any that is free.
   *
   * @default {0}
   */
  readonly port?: number;
}

/** A sandbox that listens. */
export interface ServedSandbox {
  /** Its origin, for instance `http://127.0.0.1:8082`. */
  readonly url: string;
  /** TCP port. */
  readonly port: number;
  /** Cuts every connection and resolves when nothing of the sandbox is left running. Repeatable. */
  close(): Promise<void>;
}

/**
 * Starts a simulated Feishu on 127.0.0.1, every path on one origin. Prints nothing.
 *
 * @throws MovedError when the platform made it listen elsewhere, the system's error when the port cannot be had.
 */
export async function serveSandbox(options: ServeSandboxOptions): Promise<ServedSandbox> {
  const sandbox = createSandbox(options);
  const followers = new ClockFollowers(sandbox.clock);
  const closing = new AbortController();
  const underWay = new Set<Promise<void>>();

  // node:http and not Deno.serve: a fault has to cut a connection for real, before or amid an answer.
  const server = createServer((request, response) => {
    const handled = handle({ sandbox, followers, closing: closing.signal }, request, response);
    underWay.add(handled);
    handled.finally(() => underWay.delete(handled));
  });
  const port = await listen(server, options.port ?? 0);

  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
    closing.abort(new Error("The sandbox is closing"));
    server.closeAllConnections();
    await Promise.all([stopped, ...underWay]);
  };
  return { url: `http://${HOSTNAME}:${port}`, port, close: () => closed ??= close() };
}

interface Served {
  readonly sandbox: Sandbox;
  readonly followers: ClockFollowers;
  readonly closing: AbortSignal;
}

/** Handles one request. Never rejects: what goes wrong cuts the connection or is answered with 500. */
async function handle(served: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { closing } = served;
  const gone = new AbortController();
  response.on("close", () => gone.abort(new Error("The client has left")));
  try {
    const { pathname, searchParams } = readUrl(request.url ?? "/");
    if (pathname.startsWith(CONTROL_PREFIX)) {
      await handleControl(served, request, response, { pathname, searchParams, clientGone: gone.signal });
    } else {
      await handleCall(served, request, response, { pathname, clientGone: gone.signal });
    }
  } catch (error) {
    if (closing.aborted || gone.signal.aborted || response.headersSent) return cut(response);
    if (error instanceof BodyTooLongError) {
      return sendAnswer(response, textAnswer(413, error.message), { connection: "close" });
    }
    // A fault of the sandbox itself. The text of an error may quote what it choked on, so only its kind is shown.
    const kind = error instanceof Error ? error.name : typeof error;
    sendAnswer(response, textAnswer(500, `The sandbox failed: ${kind}`), {});
  }
}

async function handleControl(
  { sandbox, followers, closing }: Served,
  request: IncomingMessage,
  response: ServerResponse,
  given: {
    readonly pathname: string;
    readonly searchParams: URLSearchParams;
    readonly clientGone: AbortSignal;
  },
): Promise<void> {
  const answer = await answerControl({ sandbox, followers }, {
    method: request.method ?? "GET",
    path: given.pathname,
    query: given.searchParams,
    host: request.headers.host,
    body: await readBody(request),
    signal: AbortSignal.any([closing, given.clientGone]),
  });
  const logId = createLogId(sandbox.clock.now(), sandbox.random);
  sendAnswer(response, answer, commonHeaders(sandbox, logId));
}

async function handleCall(
  { sandbox, closing }: Served,
  request: IncomingMessage,
  response: ServerResponse,
  given: { readonly pathname: string; readonly clientGone: AbortSignal },
): Promise<void> {
  const method = request.method ?? "GET";
  const path = given.pathname;
  const nowMs = sandbox.clock.now();
  const logId = createLogId(nowMs, sandbox.random);
  const call = sandbox.calls.arrived({ at: nowMs / 1000, method, path, log_id: logId });
  let body: string;
  try {
    body = await readBody(request);
  } catch (error) {
    call.decide(error instanceof BodyTooLongError ? "refused" : "dropped_before", null);
    throw error;
  }
  const asked = readFeishuRequest({
    method,
    path,
    authorization: request.headers.authorization,
    contentType: request.headers["content-type"],
    body,
    logId,
  });
  const delivery = await deliver(sandbox, asked, call, { closing, clientGone: given.clientGone });
  switch (delivery.kind) {
    case "answer":
      return sendAnswer(response, delivery.answer, commonHeaders(sandbox, logId));
    case "truncate":
      return sendHalf(response, delivery.answer, commonHeaders(sandbox, logId));
    case "cut":
      return cut(response);
  }
}

function commonHeaders({ clock, random }: Sandbox, logId: string): Readonly<Record<string, string>> {
  return {
    // As Feishu's: by its own clock, which is not this machine's once it was advanced.
    "date": new Date(clock.now()).toUTCString(),
    "x-tt-logid": logId,
    "x-request-id": createRequestId(random),
    "x-sandbox-clock-offset": String(clock.offsetMs / 1000),
    "x-sandbox-clock-seq": String(clock.seq),
  };
}

/** A path that no URL can hold names nothing here. */
function readUrl(target: string): { readonly pathname: string; readonly searchParams: URLSearchParams } {
  const url = URL.parse(target, `http://${HOSTNAME}`);
  return { pathname: url?.pathname ?? "/", searchParams: url?.searchParams ?? new URLSearchParams() };
}

function listen(server: Server, port: number): Promise<number> {
  const listening = Promise.withResolvers<number>();
  server.once("error", listening.reject);
  server.listen(port, HOSTNAME, () => {
    server.off("error", listening.reject);
    const address = server.address();
    if (typeof address !== "object" || address?.address !== HOSTNAME) {
      // The platform has a variable that overrides every address (seen on Deno 2.9.6), and this one must not be.
      server.close();
      listening.reject(new MovedError());
    } else {
      listening.resolve(address.port);
    }
  });
  return listening.promise;
}
