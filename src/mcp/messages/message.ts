/** An id as JSON where none can be read. */
export const NO_ID = "null";

/** What of a request's parameters anything reads. Nothing else that came with them is kept while the request waits. */
export interface RequestParams {
  /** Of the tool to call. */
  readonly name?: unknown;
  /** Of the tool. */
  readonly arguments?: unknown;
  /** Where a list goes on. */
  readonly cursor?: unknown;
  /** Which revision a handshake asks for. */
  readonly protocolVersion?: unknown;
}

/** What a request of the stateless revision says of itself. */
export interface RequestMeta {
  /** The revision; `undefined` in a request of the handshake revisions. */
  readonly protocolVersion?: unknown;
  /** Whether it lists the client's capabilities. What they are makes no difference here. */
  readonly hasCapabilities: boolean;
}

/** A request. */
export interface McpRequest {
  /** Tells it from the other messages. */
  readonly kind: "request";
  /** As JSON, digit for digit as it came: an answer repeats it. */
  readonly id: string;
  /** What is asked. */
  readonly method: string;
  /** `null` counts as absent in all of them. */
  readonly params: RequestParams;
  /** From the parameters' `_meta`. */
  readonly meta: RequestMeta;
}

/** One message of a client. */
export type Message =
  | McpRequest
  /** Takes back the request that has this id, as JSON. */
  | { readonly kind: "cancellation"; readonly id: string }
  /** Another notification, or an answer although this server asks nothing. */
  | { readonly kind: "unheeded" }
  /** No JSON-RPC message. `id` is `null` where none can be read; `rule` is a sentence without its final period. */
  | { readonly kind: "invalid"; readonly id: string; readonly rule: string };
