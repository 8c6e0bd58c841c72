import type { Secret } from "../secret.ts";

/** An HTTP request, before it is sent. The body holds secrets and goes only onto the wire. */
export interface WireRequest {
  /** Absolute. Its query, if it has one, holds no secret. */
  readonly url: string;
  /** Sent as `Authorization: Bearer …`. */
  readonly bearer?: Secret;
  /** A POST with these fields; a GET without any. */
  readonly body?: Readonly<Record<string, string>>;
  /** How the body is written; JSON where absent. */
  readonly encoding?: "form";
}

/** An HTTP answer: at least its status and headers have arrived. */
export interface WireAnswer {
  /** Distinguishes it from `unanswered`. */
  readonly kind: "answered";
  /** HTTP status. */
  readonly status: number;
  /** Response headers. */
  readonly headers: Headers;
  /** The body, as far as it was read. May hold tokens. */
  readonly text: string;
  /** Why `text` is not the whole body; absent where it is. */
  readonly cut?: "connection lost" | "timed out" | "too large";
  /** Wall clock before the request was sent, Unix milliseconds: lifetimes start here. */
  readonly sentAtMs: number;
  /** Wall clock after the body was read, Unix milliseconds. */
  readonly receivedAtMs: number;
}
