import { LEAST_CALL_BYTES } from "../http/least_call_bytes.ts";
import type { JSONRPCRequest } from "./sdk.ts";

/** What of `_meta` the protocol gives a meaning, with what of it. */
const PROGRESS_TOKEN = "progressToken";
const RELATED_TASK = "io.modelcontextprotocol/related-task";

const KEPT_PARAMETERS: readonly string[] = ["name", "arguments"];
/** A number, a boolean, or what is refused at once. */
const SMALL_BYTES = 8;

/**
 * `request` with nothing but what is read of it. A tool call waits for Feishu, and hundreds of thousands of small
 * objects in its `_meta` would wait with it; whatever else is asked is answered at once, and stays as it is.
 */
export function keptRequest(request: JSONRPCRequest): JSONRPCRequest {
  const { jsonrpc, id, method, params } = request;
  if (method !== "tools/call" || params === undefined) return request;
  // Nearly every call.
  if (Object.keys(params).every((name) => KEPT_PARAMETERS.includes(name))) return request;
  const kept: Record<string, unknown> = {};
  for (const name of KEPT_PARAMETERS) if (name in params) kept[name] = params[name];
  const meta = keptFields(params["_meta"], [PROGRESS_TOKEN, RELATED_TASK]);
  if (meta !== undefined) kept["_meta"] = meta;
  const task = keptFields(params["task"], ["ttl"]);
  if (task !== undefined) kept["task"] = task;
  return { jsonrpc, id, method, params: kept };
}

/**
 * What the kept request counts as while it waits, in bytes: the texts in it, and no less than a call takes. Nested
 * arguments are refused at once, and hold nothing.
 */
export function waitingBytes({ id, params }: JSONRPCRequest): number {
  const args = params?.["arguments"];
  const values = typeof args === "object" && args !== null ? Object.values(args) : [];
  const bytes = [id, ...values].reduce<number>(
    (sum, value) => sum + (typeof value === "string" ? value.length : SMALL_BYTES),
    0,
  );
  return Math.max(bytes, LEAST_CALL_BYTES);
}

/** `value` with the fields `names` alone, `undefined` where it has none of them. What is no object stays of its type. */
function keptFields(value: unknown, names: readonly string[]): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return withoutContents(value);
  const fields = Object.entries(value).filter(([name]) => names.includes(name));
  if (fields.length === 0) return undefined;
  return Object.fromEntries(fields.map(([name, inner]) => [
    name,
    name === RELATED_TASK ? keptFields(inner, ["taskId"]) ?? {} : withoutContents(inner),
  ]));
}

/** Of the same type, so that the SDK's server refuses it for the same reason. */
function withoutContents(value: unknown): unknown {
  if (Array.isArray(value)) return [];
  return typeof value === "object" && value !== null ? {} : value;
}
