import type { Clock } from "../../ports/clock.ts";
import { BodyRoom, type UnfinishedBody } from "./body_room.ts";
import type { HeldBytes } from "./byte_budget.ts";
import { LEAST_CALL_BYTES } from "./least_call_bytes.ts";

/**
 * How long the whole body may take. Even the largest arrives in a moment, so a slower one most likely never will.
 */
const DEADLINE_MS = 30_000;

/**
 * A body that declares at most this length is small, as nearly every call is. Its bytes count as held at once, and
 * `text()` reads it, several times faster than a stream does. That read cannot be cancelled: with a higher limit,
 * bodies that were given up would still be read into memory.
 */
const SMALL_BODY_BYTES = 16 * 1024;

/** For all small bodies and their calls: 8192 calls, or 4096 with the longest refresh token. */
const ALL_SMALL_BYTES = 64 * 1024 * 1024;
/** The same for long bodies: 128 of the greatest length. Separate, so that a flood of them blocks no small call. */
const ALL_LARGE_BYTES = 16 * 1024 * 1024;

/** Why a body has no text. */
export type UnreadBody =
  /** Longer than the limit. */
  | "too_large"
  /** The sender hung up, or the framing was wrong. */
  | "broken"
  /** All requests together, or those of its owner, hold as many bytes as they may. */
  | "busy"
  /** It was incomplete when another request needed the memory. */
  | "crowded_out"
  /** It was not complete within 30 s. */
  | "timed_out"
  /** It was incomplete when the server began to stop. */
  | "stopping";

/** The text of a request body, or why there is none. */
export type BodyReading =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: UnreadBody };

/** Reads request bodies as UTF-8 text, within a limit of length, of time, and of memory for all of them together. */
export class BodyReader {
  readonly #limitBytes: number;
  readonly #clock: Clock;
  readonly #stopping: AbortSignal | undefined;
  readonly #small: BodyRoom;
  readonly #large: BodyRoom;
  #isWatching = false;

  /** Nothing is read, and no timer runs, before the first body. */
  constructor(options: BodyReaderOptions) {
    const { limitBytes, clock, stopping } = options;
    this.#limitBytes = limitBytes;
    this.#clock = clock;
    this.#stopping = stopping;
    this.#small = new BodyRoom(options.allSmallBytes ?? ALL_SMALL_BYTES);
    this.#large = new BodyRoom(options.allLargeBytes ?? ALL_LARGE_BYTES);
    stopping?.addEventListener("abort", () => this.#giveUpAll(), { once: true });
  }

  /**
   * Makes the share of `request`, which holds nothing yet and must be set to 0 when the request is answered.
   *
   * @param owner the caller's address, where it is known.
   */
  share(request: Request, owner?: string): HeldBytes {
    return (isSmall(request.headers) ? this.#small : this.#large).share(owner);
  }

  /** Makes a share among the long bodies, for a small body with more than one message. */
  largeShare(owner?: string): HeldBytes {
    return this.#large.share(owner);
  }

  /**
   * Reads the body of `request`. A declared length over the limit is refused unread; a body of undeclared length is
   * given up as soon as it passes the limit. Its bytes, and at least {@linkcode LEAST_CALL_BYTES}, stay counted in its
   * share `held`. The promise never rejects.
   */
  read(request: Request, held: HeldBytes): Promise<BodyReading> {
    const { headers } = request;
    const declaredBytes = Number(headers.get("content-length"));
    if (declaredBytes > this.#limitBytes) return notRead("too_large");
    if (this.#stopping?.aborted) return notRead("stopping");
    const small = isSmall(headers);
    if (!held.hold(small ? Math.max(declaredBytes, LEAST_CALL_BYTES) : LEAST_CALL_BYTES)) {
      return notRead("busy");
    }
    return small ? this.#readText(request, held) : this.#readStream(request, held);
  }

  #readText(request: Request, held: HeldBytes): Promise<BodyReading> {
    return new Promise((resolve) => {
      const { unfinished } = this.#small;
      const body = this.#begin(unfinished, held, (kind) => resolve({ kind }));
      request.text().then((text) => {
        unfinished.delete(body);
        resolve({ kind: "text", text });
      }, () => {
        unfinished.delete(body);
        resolve({ kind: "broken" });
      });
    });
  }

  async #readStream(request: Request, held: HeldBytes): Promise<BodyReading> {
    if (request.body === null) return { kind: "text", text: "" };
    const reader = request.body.getReader();
    let givenUp: UnreadBody | undefined;
    const giveUp = (why: UnreadBody): void => {
      givenUp ??= why;
      // Ends a read in progress, and the sender's connection with it.
      reader.cancel().catch(() => {});
    };
    const { unfinished } = this.#large;
    const body = this.#begin(unfinished, held, giveUp);
    const bytes = new CollectedBytes(this.#limitBytes, held);
    try {
      while (true) {
        const { done, value } = await reader.read();
        if (givenUp !== undefined) return { kind: givenUp };
        if (done) return { kind: "text", text: bytes.text() };
        const refused = bytes.add(value);
        if (refused !== undefined) giveUp(refused);
      }
    } catch {
      return { kind: givenUp ?? "broken" };
    } finally {
      unfinished.delete(body);
    }
  }

  #begin(unfinished: Set<UnfinishedBody>, held: HeldBytes, giveUp: UnfinishedBody["giveUp"]): UnfinishedBody {
    const body = { held, untilMs: this.#clock.monotonic() + DEADLINE_MS, giveUp };
    unfinished.add(body);
    if (!this.#isWatching) this.#watch(DEADLINE_MS);
    return body;
  }

  /**
   * One timer serves all bodies: nearly all are read before it ends, and a timer each would cost as much as reading.
   */
  #watch(ms: number): void {
    this.#isWatching = true;
    this.#clock.sleep(ms, this.#stopping).then(() => this.#endLate(), () => this.#isWatching = false);
  }

  #endLate(): void {
    this.#isWatching = false;
    const nowMs = this.#clock.monotonic();
    let nextMs = Infinity;
    for (const { unfinished } of [this.#small, this.#large]) {
      for (const body of unfinished) {
        if (body.untilMs > nowMs) {
          nextMs = Math.min(nextMs, body.untilMs);
          break;
        }
        unfinished.delete(body);
        body.giveUp("timed_out");
      }
    }
    if (nextMs < Infinity) this.#watch(nextMs - nowMs);
  }

  #giveUpAll(): void {
    for (const { unfinished } of [this.#small, this.#large]) {
      for (const { giveUp } of unfinished) giveUp("stopping");
      unfinished.clear();
    }
  }
}

/** What {@linkcode BodyReader} needs. */
export interface BodyReaderOptions {
  /** Longest body, in bytes. */
  readonly limitBytes: number;
  /** Times the deadline. */
  readonly clock: Clock;
  /** Aborted when the server is about to end: every incomplete body is given up. */
  readonly stopping?: AbortSignal | undefined;
  /** For all small bodies together; 64 MiB by default. */
  readonly allSmallBytes?: number;
  /** For all long bodies together; 16 MiB by default. */
  readonly allLargeBytes?: number;
}

/** The HTTP layer enforces the declared length, unless there is a transfer coding: then it means nothing. */
function isSmall(headers: Headers): boolean {
  const declared = headers.get("content-length");
  return declared !== null && Number(declared) <= SMALL_BODY_BYTES &&
    // Not by `has()`, for which Deno makes a list of all headers.
    headers.get("transfer-encoding") === null;
}

function notRead(kind: UnreadBody): Promise<BodyReading> {
  return Promise.resolve({ kind });
}

/** Joins the chunks of a body as they come. Kept apart, chunks of single bytes would fill the memory. */
class CollectedBytes {
  readonly #limitBytes: number;
  readonly #held: HeldBytes;
  #buffer = new Uint8Array(0);
  #length = 0;

  constructor(limitBytes: number, held: HeldBytes) {
    this.#limitBytes = limitBytes;
    this.#held = held;
  }

  /** Adds `chunk`, or returns why it cannot. */
  add(chunk: Uint8Array): "too_large" | "busy" | undefined {
    const length = this.#length + chunk.byteLength;
    if (length > this.#limitBytes) return "too_large";
    if (length > this.#buffer.byteLength && !this.#grow(length)) return "busy";
    this.#buffer.set(chunk, this.#length);
    this.#length = length;
    return undefined;
  }

  text(): string {
    return new TextDecoder().decode(this.#buffer.subarray(0, this.#length));
  }

  #grow(length: number): boolean {
    const bytes = Math.min(this.#limitBytes, Math.max(length, 2 * this.#buffer.byteLength));
    if (!this.#held.hold(Math.max(bytes, LEAST_CALL_BYTES))) return false;
    const buffer = new Uint8Array(bytes);
    buffer.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = buffer;
    return true;
  }
}
