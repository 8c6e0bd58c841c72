import type { McpCall } from "../../src/mcp/calls/toolbox.ts";
import type { JSONRPCMessage, Transport } from "../../src/mcp/messages/sdk.ts";
import type { JSONRPCRequest, JSONRPCResponse, RequestId } from "./fixture_sdk.ts";

/** One request on its way through the server. */
export interface Exchange {
  /** The server's answer, under the id that the caller chose. Never settles once cancelled. */
  readonly answer: Promise<JSONRPCResponse>;
  /** Aborts the signal of the handler and forgets the request. Does nothing once it is answered. */
  cancel(): void;
}

interface Pending {
  readonly callerId: RequestId;
  readonly call: McpCall;
  readonly settle: (answer: JSONRPCResponse) => void;
}

/**
 * Lets one server answer requests of many callers who know nothing of each other: two of them may use the same id, so
 * each request travels under an id of its own. Only requests pass. A caller's notification could name somebody else's
 * request, and nothing that this server offers listens to any.
 *
 * One server a process instead of one a request, which is what the SDK's own transport without sessions demands, makes
 * a call several times cheaper (docs/benchmarks.md).
 */
export class ExchangeTransport implements Transport {
  /** Set by the server: takes what callers send. */
  onmessage?: NonNullable<Transport["onmessage"]>;
  /** Set by the server: called when the transport is closed. */
  onclose?: () => void;
  /** Set by the server. Nothing calls it: what callers send was checked before. */
  onerror?: (error: Error) => void;

  readonly #pending = new Map<RequestId, Pending>();
  #lastId = 0;

  /** There is nothing to start. */
  start(): Promise<void> {
    return Promise.resolve();
  }

  /** Forgets every request that is not answered yet. */
  close(): Promise<void> {
    this.#pending.clear();
    this.onclose?.();
    return Promise.resolve();
  }

  /** Takes an answer of the server. What else a server may send has no way to any caller and is dropped. */
  send(message: JSONRPCMessage): Promise<void> {
    if (!("method" in message) && message.id !== undefined) {
      const pending = this.#pending.get(message.id);
      this.#pending.delete(message.id);
      pending?.settle({ ...message, id: pending.callerId });
    }
    return Promise.resolve();
  }

  /** Hands a valid request to the server. `call` is what {@linkcode callOf} finds while it is not answered. */
  exchange(request: JSONRPCRequest, call: McpCall): Exchange {
    const id = ++this.#lastId;
    const { promise: answer, resolve: settle } = Promise.withResolvers<JSONRPCResponse>();
    this.#pending.set(id, { callerId: request.id, call, settle });
    this.onmessage?.({ ...request, id });
    return { answer, cancel: () => this.#cancel(id) };
  }

  /**
   * What came with the request that travels under `id`.
   *
   * @throws Error when there is no such request.
   */
  callOf(id: RequestId): McpCall {
    const pending = this.#pending.get(id);
    if (pending === undefined) {
      throw new Error("Cannot find the call of a request: it is answered or cancelled");
    }
    return pending.call;
  }

  #cancel(id: number): void {
    if (!this.#pending.delete(id)) return;
    this.onmessage?.({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: id } });
  }
}
