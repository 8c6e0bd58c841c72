import { keptRequest } from "./kept_request.ts";
import { isJSONRPCRequest, JSONRPCMessageSchema, type JSONRPCRequest } from "./sdk.ts";

/** What one POST may carry at most. The SDKs draw the line at the same number. */
const BATCH_LIMIT = 100;

/** What was found in the body of a POST. */
export type PostedMessages =
  | {
    readonly kind: "messages";
    /** In their order, with what is read of them alone. Empty where there are only notifications and answers. */
    readonly requests: readonly JSONRPCRequest[];
    /** Whether they came in an array, so that the answers go back in one. */
    readonly isBatch: boolean;
    /** Whether this is where a protocol version is negotiated. */
    readonly isInitialize: boolean;
  }
  /** Something is no JSON-RPC message. */
  | { readonly kind: "unreadable" }
  /** Messages that may not come together. `rule` is a sentence without its final period. */
  | { readonly kind: "invalid"; readonly rule: string };

/**
 * Reads the body of a POST, parsed as JSON. Batches are read too: protocol 2025-03-26 has them.
 *
 * @see https://www.jsonrpc.org/specification#batch
 */
export function readPostedMessages(body: unknown): PostedMessages {
  const isBatch = Array.isArray(body);
  const messages: readonly unknown[] = isBatch ? body : [body];
  if (messages.length === 0) return { kind: "invalid", rule: "A batch must not be empty" };
  if (messages.length > BATCH_LIMIT) {
    return { kind: "invalid", rule: `A batch must not exceed ${BATCH_LIMIT} messages` };
  }
  const requests: JSONRPCRequest[] = [];
  for (const message of messages) {
    // Requests first: nearly everything is one, and the schema of all messages costs several times as much.
    if (isJSONRPCRequest(message)) requests.push(keptRequest(message));
    else if (!JSONRPCMessageSchema.safeParse(message).success) return { kind: "unreadable" };
  }
  const isInitialize = requests.some(({ method }) => method === "initialize");
  if (isInitialize && messages.length > 1) {
    return { kind: "invalid", rule: "A request to initialize must come alone" };
  }
  return { kind: "messages", requests, isBatch, isInitialize };
}
