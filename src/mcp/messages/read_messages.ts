import { LEAST_CALL_BYTES } from "../../http/body/least_call_bytes.ts";
import { type IdTexts, readIdTexts } from "./read_id_texts.ts";
import { type McpRequest, type Message, NO_ID, type RequestMeta } from "./message.ts";

/** Messages in one batch, at most. The SDKs have the same limit. */
const BATCH_LIMIT = 100;

const VERSION_KEY = "io.modelcontextprotocol/protocolVersion";
const CAPABILITIES_KEY = "io.modelcontextprotocol/clientCapabilities";

const IGNORED: Message = { kind: "ignored" };
const NO_META: RequestMeta = { hasCapabilities: false };

/** A member that may be an id, with a number that JavaScript may write in other digits. */
const ODD_ID = /[iI]d"\s*:\s*(?:-0|-?\d{16}|-?\d+[.eE])/;

/** Counted for an argument that is no text: a number, a boolean, or something that is refused at once. */
const SMALL_BYTES = 8;

/** The messages of one POST or one line. */
export interface ReceivedMessages {
  /** In their order. One that must not be in a batch is `invalid`. */
  readonly messages: readonly Message[];
  /** Whether they came in an array, so that their answers go back in one. */
  readonly isBatch: boolean;
}

type JsonObject = Readonly<Record<string, unknown>>;

const NO_TEXTS: IdTexts = { id: undefined, requestId: undefined };

/**
 * Reads one message or, as in revision 2025-03-26, a batch. It is lenient: members that this server does not use may
 * hold anything, `null` counts as absent, and only a message that cannot be answered is invalid. `undefined` where
 * `text` is not JSON.
 *
 * @see https://www.jsonrpc.org/specification
 */
export function readMessages(text: string): ReceivedMessages | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const texts = ODD_ID.test(text) ? readIdTexts(text) : [];
  if (!Array.isArray(value)) return single(readMessage(value, texts[0]));
  if (value.length === 0) return single(invalid(NO_ID, "a batch must not be empty"));
  if (value.length > BATCH_LIMIT) {
    return single(invalid(NO_ID, `a batch must not exceed ${BATCH_LIMIT} messages`));
  }
  return {
    messages: value.map((each, index) => readBatched(each, texts[index], value.length)),
    isBatch: true,
  };
}

function single(message: Message): ReceivedMessages {
  return { messages: [message], isBatch: false };
}

/**
 * The bytes that a request counts as while it waits: its texts, and at least {@linkcode LEAST_CALL_BYTES}. Nested
 * arguments are not measured, since they are refused at once.
 */
export function waitingBytes({ id, params }: McpRequest): number {
  const values = isObject(params.arguments) ? Object.values(params.arguments) : [];
  const bytes = values.reduce<number>(
    (sum, value) => sum + (typeof value === "string" ? value.length : SMALL_BYTES),
    id.length,
  );
  return Math.max(bytes, LEAST_CALL_BYTES);
}

function readBatched(value: unknown, texts: IdTexts | undefined, count: number): Message {
  const message = readMessage(value, texts);
  if (message.kind !== "request") return message;
  if (message.meta.protocolVersion !== undefined) {
    return invalid(message.id, "the revision that the request names has no batches");
  }
  if (message.method === "initialize" && count > 1) {
    return invalid(message.id, "a request to initialize must come alone");
  }
  return message;
}

function readMessage(value: unknown, texts: IdTexts = NO_TEXTS): Message {
  if (!isObject(value)) return invalid(NO_ID, "a message must be an object");
  const id = idText(value, "id", texts);
  const method = value["method"] ?? undefined;
  const params = withoutEmptyArray(value["params"]) ?? {};
  if (value["jsonrpc"] !== "2.0") return invalid(id ?? NO_ID, 'jsonrpc must be "2.0"');
  if (method === undefined) {
    const isAnswer = value["result"] !== undefined || isObject(value["error"]);
    return isAnswer ? IGNORED : invalid(id ?? NO_ID, "method is missing");
  }
  if (typeof method !== "string") return invalid(id ?? NO_ID, "method must be a string");
  // Before the parameters are checked: a notification is never answered, however malformed it is.
  if (isNotification(value["id"], method)) return readNotification(method, params, texts);
  if (!isObject(params)) return invalid(id ?? NO_ID, "params must be an object");
  const meta = withoutEmptyArray(params["_meta"]);
  if (meta !== undefined && !isObject(meta)) return invalid(id ?? NO_ID, "params._meta must be an object");
  if (id === undefined) return invalid(NO_ID, "id must be a string or a number");
  return {
    kind: "request",
    id,
    method,
    params: {
      name: params["name"] ?? undefined,
      arguments: withoutEmptyArray(params["arguments"]),
      cursor: params["cursor"] ?? undefined,
      protocolVersion: params["protocolVersion"] ?? undefined,
    },
    meta: meta === undefined ? NO_META : readMeta(meta),
  };
}

/** Some clients write every member of a message, so that their notifications have an id of `null`. */
function isNotification(id: unknown, method: string): boolean {
  return id === undefined || (id === null && method.startsWith("notifications/"));
}

function readNotification(method: string, params: unknown, texts: IdTexts): Message {
  if (method !== "notifications/cancelled" || !isObject(params)) return IGNORED;
  const id = idText(params, "requestId", texts);
  return id === undefined ? IGNORED : { kind: "cancellation", id };
}

function readMeta(meta: JsonObject): RequestMeta {
  return {
    protocolVersion: meta[VERSION_KEY] ?? undefined,
    hasCapabilities: isObject(meta[CAPABILITIES_KEY]) || isEmptyArray(meta[CAPABILITIES_KEY]),
  };
}

function invalid(id: string, rule: string): Message {
  return { kind: "invalid", id, rule };
}

/** The member `name` of `holder` as JSON; `undefined` where it is no id. */
function idText(holder: JsonObject, name: keyof IdTexts, texts: IdTexts): string | undefined {
  const id = holder[name];
  if (typeof id === "string") return JSON.stringify(id);
  if (typeof id !== "number") return undefined;
  return texts[name] ?? (isExact(id) ? String(id) : undefined);
}

/** Whether `id` is the number that was sent: beyond the safe integers, and at infinity, it may have been rounded. */
function isExact(id: number): boolean {
  return Number.isSafeInteger(id) || (Number.isFinite(id) && !Number.isInteger(id));
}

/** `value`; `undefined` for `null` and for an empty array, which is how PHP writes an object without members. */
function withoutEmptyArray(value: unknown): unknown {
  return value === null || isEmptyArray(value) ? undefined : value;
}

function isEmptyArray(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
