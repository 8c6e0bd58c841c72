import type { Clock } from "../ports/clock.ts";
import type { FeishuAnswer } from "../ports/feishu.ts";
import type { Hosts } from "./hosts.ts";
import { MAX_BODY_BYTES } from "./limits.ts";
import { readSendFailure } from "./send_failure.ts";
import type { WireAnswer, WireRequest } from "./wire.ts";

/** A timer that is later than this belongs to a process that was stopped meanwhile. */
const STOPPED_MS = 1_000;
/** Time that such a process gets to read what has arrived. */
const READ_AFTER_STOP_MS = 1_000;

/** The part of the platform's `fetch` that is used here. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Options of {@linkcode send}. */
export interface SendOptions {
  /** Called with `redirect: "manual"` and a signal. */
  readonly fetch: Fetch;
  /** For expiry times and the deadline. */
  readonly clock: Clock;
  /** The only hosts that requests go to. */
  readonly hosts: Hosts;
  /** Sent as `User-Agent`. */
  readonly version: string;
  /** For the whole answer. */
  readonly timeoutMs: number;
}

/** The {@linkcode FeishuAnswer} for a request without an answer. */
export type Unanswered = Extract<FeishuAnswer, { kind: "unanswered" }>;

/**
 * Makes one HTTP exchange: follows no redirect, repeats nothing, and keeps what arrived of a body that was cut.
 * Resolves whatever the network does, and leaves no timer, stream or connection behind.
 *
 * @throws TypeError when the URL is not of a configured host: a programming error, found before any byte is sent.
 */
export async function send(request: WireRequest, options: SendOptions): Promise<WireAnswer | Unanswered> {
  const { fetch, clock, hosts, timeoutMs } = options;
  if (!hosts.allows(request.url)) {
    throw new TypeError(`Refused to send to "${new URL(request.url).origin}": not a configured Feishu host`);
  }
  const headers = buildHeaders(request, options.version);
  if (headers === undefined) {
    const detail = {
      en: "the token for Authorization holds characters that no HTTP header can carry",
      zh: "用于 Authorization 的令牌含有 HTTP 请求头不能携带的字符",
    };
    return { kind: "unanswered", sent: false, timedOut: false, detail };
  }
  const attempt = new AbortController();
  const timer = new AbortController();
  const timeout = timeOut(clock, timeoutMs, timer.signal).then(() => attempt.abort(), () => {});
  const sentAtMs = clock.now();
  try {
    const body = writeBody(request);
    const response = await fetch(request.url, {
      method: body === undefined ? "GET" : "POST",
      headers,
      // When a pooled connection dies, Deno's fetch repeats a POST by itself, unless the body is a stream. A refresh
      // token would then be presented twice, and a refused second connection would read as "nothing was sent". A Blob
      // is streamed, and its length is known.
      ...(body === undefined ? {} : { body: new Blob([body]) }),
      redirect: "manual",
      signal: attempt.signal,
    });
    const read = await readBody(response, attempt.signal);
    return {
      kind: "answered",
      status: response.status,
      headers: response.headers,
      ...read,
      sentAtMs,
      receivedAtMs: clock.now(),
    };
  } catch (error) {
    if (attempt.signal.aborted) {
      const { host } = new URL(request.url);
      const detail = {
        en: `no answer from ${host} within ${timeoutMs} ms`,
        zh: `${host} 在 ${timeoutMs} 毫秒内没有响应`,
      };
      return { kind: "unanswered", sent: true, timedOut: true, detail };
    }
    return { kind: "unanswered", timedOut: false, ...readSendFailure(error, request.url) };
  } finally {
    timer.abort();
    await timeout;
  }
}

/**
 * Resolves when the time is over. While the process is stopped the answer may arrive; when it continues, the timer ends
 * before anything is read, and the pair in this machine's own buffers would be lost. Such a process gets more time.
 */
async function timeOut(clock: Clock, timeoutMs: number, signal: AbortSignal): Promise<void> {
  const startedMs = clock.monotonic();
  await clock.sleep(timeoutMs, signal);
  if (clock.monotonic() - startedMs > timeoutMs + STOPPED_MS) await clock.sleep(READ_AFTER_STOP_MS, signal);
}

/** `undefined` for a token that cannot be a header's value. The platform's error quotes it and is not passed on. */
function buildHeaders(request: WireRequest, version: string): Headers | undefined {
  const headers = new Headers({ "User-Agent": `feishu-token-mcp/${version}` });
  if (request.body !== undefined) {
    headers.set(
      "Content-Type",
      request.encoding === "form" ? "application/x-www-form-urlencoded" : "application/json; charset=utf-8",
    );
  }
  if (request.bearer === undefined) return headers;
  try {
    headers.set("Authorization", `Bearer ${request.bearer.reveal()}`);
    return headers;
  } catch {
    return undefined;
  }
}

function writeBody({ body, encoding }: WireRequest): string | undefined {
  if (body === undefined) return undefined;
  return encoding === "form" ? new URLSearchParams(body).toString() : JSON.stringify(body);
}

/** Never throws: what has been read may hold a token that was just issued. */
async function readBody(response: Response, signal: AbortSignal): Promise<Pick<WireAnswer, "text" | "cut">> {
  if (response.body === null) return { text: "" };
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) return { text: text + decoder.decode() };
      const room = MAX_BODY_BYTES - size;
      text += decoder.decode(value.subarray(0, room), { stream: true });
      size += value.length;
      if (size > MAX_BODY_BYTES) {
        // Not awaited: a peer that ignores the cancellation must not delay what has been read.
        reader.cancel().catch(() => {});
        return { text, cut: "too large" };
      }
    }
  } catch {
    return { text, cut: signal.aborted ? "timed out" : "connection lost" };
  }
}
