import { isJSONRPCRequest, type JSONRPCMessage, type RequestId } from "./sdk.ts";
import type { StdioTransport } from "./stdio_transport.ts";

/** Follows which requests of a transport are not answered yet. Made before a server is connected to the transport. */
export class InFlight {
  /** How many requests of each id: a client that uses one twice gets two answers. */
  readonly #unanswered = new Map<RequestId, number>();
  #onSettled: (() => void) | undefined;

  /** Watches what `transport` receives and sends. */
  constructor(transport: StdioTransport) {
    const send = transport.send.bind(transport);
    transport.send = async (message) => {
      await send(message);
      if ("id" in message && !("method" in message)) this.#settle(message.id);
    };
    // A server that connects keeps this listener and calls it first.
    transport.onmessage = (message) => this.#receive(message);
  }

  /** Resolves when every request that was received is answered or was cancelled. */
  async settled(): Promise<void> {
    if (this.#unanswered.size === 0) return;
    await new Promise<void>((resolve) => this.#onSettled = resolve);
  }

  #receive(message: JSONRPCMessage): void {
    if (isJSONRPCRequest(message)) {
      this.#unanswered.set(message.id, (this.#unanswered.get(message.id) ?? 0) + 1);
    } else if ("method" in message && message.method === "notifications/cancelled") {
      // A cancelled request is never answered.
      this.#settle(message.params?.requestId);
    }
  }

  #settle(id: unknown): void {
    const count = this.#unanswered.get(id as RequestId) ?? 0;
    if (count > 1) this.#unanswered.set(id as RequestId, count - 1);
    else this.#unanswered.delete(id as RequestId);
    if (this.#unanswered.size === 0) this.#onSettled?.();
  }
}
