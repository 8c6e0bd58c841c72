import type { Clock } from "../ports/clock.ts";
import type { FeishuAnswer } from "../ports/feishu.ts";
import type { Hosts } from "./hosts.ts";
import { MAX_BODY_BYTES } from "./limits.ts";
import { readSendFailure } from "./send_failure.ts";
import type { WireAnswer, WireRequest } from "./wire.ts";

/** A timer that is late by more than this was kept by a process that did not run. */
const STOPPED_MS = 1_000;
/** How long such a process gets to read what has arrived. */
const READ_AFTER_STOP_MS = 1_000;

/** The part of the platform's `fetch` that is used here. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What {@linkcode send} works with. */
export interface SendOptions {
  /** Carries the one request. Called with `redirect: "manual"` and a signal. */
  readonly fetch: Fetch;
  /** Dates the lifetimes and bounds the wait. */
  readonly clock: Clock;
  /** The only places that a request may go to. */
  readonly hosts: Hosts;
  /** This program's version, for `User-Agent`. */
  readonly version: string;
  /** Longest wait for the whole answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** The arm of {@linkcode FeishuAnswer} that says that nothing came back. */
export type Unanswered = Extract<FeishuAnswer, { kind: "unanswered" }>;

/**
 * One HTTP exchange: no redirect is followed, nothing is repeated, and what arrived of a body that was cut is kept.
 * Resolves for whatever the network does; leaves no timer, stream or connection behind.
 *
 * @throws TypeError when the address is not one of the configured hosts: a programming error, found before any byte leaves.
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
      // A Blob is streamed, with its length known. Deno's fetch repeats a POST on its own when a pooled connection dies
      // under it, unless the body is a stream: a refresh token would be presented twice, and a refused second
      // connection would read as "nothing was sent".
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
 * Resolves when the time is over. In a process that was stopped for longer than that, the answer may have come meanwhile:
 * there the timer ends before anything is read, and a pair that lies in this machine's own buffers would be thrown away.
 */
async function timeOut(clock: Clock, timeoutMs: number, signal: AbortSignal): Promise<void> {
  const startedMs = clock.monotonic();
  await clock.sleep(timeoutMs, signal);
  if (clock.monotonic() - startedMs > timeoutMs + STOPPED_MS) await clock.sleep(READ_AFTER_STOP_MS, signal);
}

/** Undefined when the token cannot stand in a header. The platform's error would repeat it, so that it ends here. */
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

/** Never throws: whatever was read may hold a token that was issued just now. */
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
        // Not awaited: a peer that does not take the cancellation must not hold up what has been read.
        reader.cancel().catch(() => {});
        return { text, cut: "too large" };
      }
    }
  } catch {
    return { text, cut: signal.aborted ? "timed out" : "connection lost" };
  }
}
