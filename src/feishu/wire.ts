import type { Secret } from "../secret.ts";

/** One HTTP request before it is sent. The body holds secrets: it goes nowhere but onto the wire. */
export interface WireRequest {
  /** Absolute, without query. */
  readonly url: string;
  /** Sent as `Authorization: Bearer …`. */
  readonly bearer?: Secret;
  /** A POST with these fields; a GET without any. */
  readonly body?: Readonly<Record<string, string>>;
  /** How the body is written; JSON where absent. */
  readonly encoding?: "form";
}

/** An HTTP answer, at least its status and headers. */
export interface WireAnswer {
  /** Tells it from the arm in which nothing came back. */
  readonly kind: "answered";
  /** HTTP status. */
  readonly status: number;
  /** Response headers. */
  readonly headers: Headers;
  /** What was read of the body. May hold tokens. */
  readonly text: string;
  /** Why `text` is not the whole body; absent when it is. */
  readonly cut?: "connection lost" | "timed out" | "too large";
  /** Wall clock before the request was sent, Unix milliseconds: lifetimes count from here. */
  readonly sentAtMs: number;
  /** Wall clock after the body was read, Unix milliseconds. */
  readonly receivedAtMs: number;
}
