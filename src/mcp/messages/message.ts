/** The id, as JSON, in an answer to a message whose own cannot be read. */
export const NO_ID = "null";

/** The parameters that this server reads. No others stay in memory while the request waits. */
export interface RequestParams {
  /** Of the tool to call. */
  readonly name?: unknown;
  /** Of the tool. */
  readonly arguments?: unknown;
  /** Where to continue a list. */
  readonly cursor?: unknown;
  /** The revision that `initialize` asks for. */
  readonly protocolVersion?: unknown;
}

/** The `_meta` of a request's parameters, which the stateless revision demands. */
export interface RequestMeta {
  /** The revision; `undefined` in a request of the handshake revisions. */
  readonly protocolVersion?: unknown;
  /** Whether it has the client's capabilities. No answer depends on what they are. */
  readonly hasCapabilities: boolean;
}

/** A request, of any revision. */
export interface McpRequest {
  /** Tells it from the other messages. */
  readonly kind: "request";
  /** As JSON, digit for digit as it came, since the answer repeats it. */
  readonly id: string;
  /** For instance `tools/call`. */
  readonly method: string;
  /** A member that is `null` counts as absent. */
  readonly params: RequestParams;
  /** From the parameters. */
  readonly meta: RequestMeta;
}

/** One message of a client. */
export type Message =
  | McpRequest
  /** Cancels the request with this id, as JSON. */
  | { readonly kind: "cancellation"; readonly id: string }
  /** Any other notification, or an answer: this server sends no requests. */
  | { readonly kind: "ignored" }
  /** No JSON-RPC message. `id` is `null` where none can be read; `rule` is a sentence without its final period. */
  | { readonly kind: "invalid"; readonly id: string; readonly rule: string };
