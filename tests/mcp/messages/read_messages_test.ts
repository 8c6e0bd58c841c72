import assert from "node:assert/strict";
import type { McpRequest } from "../../../src/mcp/messages/message.ts";
import { LEAST_CALL_BYTES } from "../../../src/http/body/least_call_bytes.ts";
import { readMessages, waitingBytes } from "../../../src/mcp/messages/read_messages.ts";

const PING = { jsonrpc: "2.0", id: 1, method: "ping" };
const NOTIFICATION = { jsonrpc: "2.0", method: "notifications/initialized" };
const INITIALIZE = { jsonrpc: "2.0", id: 1, method: "initialize", params: { protocolVersion: "2025-11-25" } };
const HEAP = Array.from({ length: 3 }, () => ({}));

function only(text: string): ReturnType<typeof kinds>[number] {
  const [message, ...others] = kinds(text);
  assert.deepEqual(others, []);
  assert(message !== undefined);
  return message;
}

/** Of each message its kind, its id, and what is wrong with it. */
function kinds(text: string): { kind: string; id?: string; rule?: string }[] {
  return readMessages(text)?.messages.map((message) => ({
    kind: message.kind,
    ...("id" in message ? { id: message.id } : {}),
    ...("rule" in message ? { rule: message.rule } : {}),
  })) ?? [];
}

Deno.test.each([
  ["1", "1"],
  ["-7", "-7"],
  ["1.5", "1.5"],
  ["1.0", "1.0"],
  ["-0", "-0"],
  ["1e3", "1e3"],
  ["9007199254740993", "9007199254740993"],
  ["-9007199254740993", "-9007199254740993"],
  ["123456789012345678901234567890", "123456789012345678901234567890"],
  ['"a"', '"a"'],
  ['""', '""'],
  ['"9007199254740993"', '"9007199254740993"'],
])("readMessages() keeps the id %s digit for digit", (id, kept) => {
  const params = `{"id":2.50,"deep":{"id":7.0,"requestId":9.0}}`;
  const single = `{"params":${params},"id" : ${id},"jsonrpc":"2.0","method":"ping"}`;
  assert.deepEqual(only(single), { kind: "request", id: kept });
  assert.deepEqual(kinds(`[${JSON.stringify(NOTIFICATION)},${single}]`)[1], { kind: "request", id: kept });
  const cancellation =
    `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":${id},"id":2.50}}`;
  assert.deepEqual(only(cancellation), { kind: "cancellation", id: kept });
  assert.deepEqual(only(`{"id":${id}}`), { kind: "invalid", id: kept, rule: 'jsonrpc must be "2.0"' });
});

Deno.test.each(["1e400", "-1e400"])(
  "readMessages() repeats the id %s, which no number of JavaScript is",
  (id) => {
    assert.equal(only(`{"jsonrpc":"2.0","id":${id},"method":"ping"}`).id, id);
    // Spelled so that it is not seen to be odd: what cannot be repeated cannot be read.
    assert.equal(only(`{"jsonrpc":"2.0","\\u0069d":${id},"method":"ping"}`).id, "null");
  },
);

Deno.test("readMessages() reads no id that it could only repeat in other digits", () => {
  const request = (id: string): string => `{"jsonrpc":"2.0","\\u0069d":${id},"method":"ping"}`;
  assert.equal(only(request("9007199254740993")).id, "null");
  assert.deepEqual(only(request("7")), { kind: "request", id: "7" });
});

Deno.test("readMessages() reads an odd id beside what is nested as deep as can be", () => {
  const deep = "[".repeat(60_000) + "]".repeat(60_000);
  const text = `{"jsonrpc":"2.0","id":1.50,"method":"ping","params":{"x":${deep}}}`;
  assert.equal(only(text).id, "1.50");
});

Deno.test.each([
  ["a notification", NOTIFICATION],
  ["one with an id of null", { ...NOTIFICATION, id: null }],
  ["an answer", { jsonrpc: "2.0", id: 1, result: {} }],
  ["an answer that failed", { jsonrpc: "2.0", id: null, error: { code: -32600, message: "planted" } }],
  ["an answer with every member", { jsonrpc: "2.0", id: 1, method: null, result: {}, error: null }],
  ["one with odd parameters", { ...NOTIFICATION, params: ["planted"] }],
  ["one with an odd _meta", { ...NOTIFICATION, params: { _meta: 5 } }],
  ["a cancellation with odd parameters", { jsonrpc: "2.0", method: "notifications/cancelled", params: 5 }],
  ["a cancellation of nothing", { jsonrpc: "2.0", method: "notifications/cancelled", params: {} }],
])("readMessages() heeds no %s", (_case, message) => {
  assert.deepEqual(only(JSON.stringify(message)), { kind: "ignored" });
});

Deno.test.each([
  [null, "null"],
  [5, "null"],
  ["text", "null"],
  [{}, "null"],
  [{ id: 5 }, "5"],
  [{ ...PING, id: null }, "null"],
  [{ ...PING, id: {} }, "null"],
  [{ ...PING, id: true }, "null"],
  [{ ...PING, jsonrpc: "1.0" }, "1"],
  [{ ...PING, jsonrpc: undefined }, "1"],
  [{ ...PING, method: 5 }, "1"],
  [{ ...PING, method: null }, "1"],
  [{ ...PING, params: [5] }, "1"],
  [{ ...PING, params: "planted" }, "1"],
  [{ ...PING, params: { _meta: "planted" } }, "1"],
  [{ ...PING, params: { _meta: ["planted"] } }, "1"],
  [{ jsonrpc: "2.0", id: "a", result: null }, "ignored"],
  [{ jsonrpc: "2.0", id: "a", error: "planted" }, '"a"'],
])("readMessages() reads the id of what is no request: %j", (message, id) => {
  const read = only(JSON.stringify(message));
  if (id === "ignored") return assert.equal(read.kind, "ignored");
  assert.deepEqual([read.kind, read.id], ["invalid", id]);
  assert.doesNotMatch(read.rule ?? "", /planted/);
});

Deno.test.each(["", "{", "not JSON", '{"id":1.5', "\u0000"])("readMessages() cannot read %j", (text) => {
  assert.equal(readMessages(text), undefined);
});

Deno.test("readMessages() reads each message of a batch", () => {
  const later = {
    ...PING,
    id: 2,
    params: { _meta: { "io.modelcontextprotocol/protocolVersion": "2026-07-28" } },
  };
  const batch = [PING, 5, NOTIFICATION, { ...INITIALIZE, id: "i" }, later];
  assert.deepEqual(kinds(JSON.stringify(batch)), [
    { kind: "request", id: "1" },
    { kind: "invalid", id: "null", rule: "a message must be an object" },
    { kind: "ignored" },
    { kind: "invalid", id: '"i"', rule: "a request to initialize must come alone" },
    { kind: "invalid", id: "2", rule: "the revision that the request names has no batches" },
  ]);
  assert.deepEqual(kinds(JSON.stringify([INITIALIZE])), [{ kind: "request", id: "1" }]);
});

Deno.test("readMessages() takes a batch of 100 and refuses one of 101, or of none", () => {
  const batches = [100, 101, 0].map((length) => JSON.stringify(Array.from({ length }, () => PING)));
  assert.deepEqual(batches.map((text) => kinds(text).length), [100, 1, 1]);
  assert.deepEqual(batches.slice(1).map(only), [
    { kind: "invalid", id: "null", rule: "a batch must not exceed 100 messages" },
    { kind: "invalid", id: "null", rule: "a batch must not be empty" },
  ]);
});

Deno.test("readMessages() keeps of a request what is read of it", () => {
  const request = (params: unknown): Message => {
    const [message] = readMessages(JSON.stringify({ ...PING, params }))?.messages ?? [];
    assert(message?.kind === "request");
    return message;
  };
  type Message = McpRequest;
  const { params, meta } = request({
    name: "a",
    arguments: { b: [1] },
    surplus: HEAP,
    task: { ttl: 5, heap: HEAP },
    capabilities: { heap: HEAP },
    _meta: {
      heap: HEAP,
      progressToken: HEAP,
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientCapabilities": { heap: HEAP },
    },
  });
  assert.deepEqual(JSON.parse(JSON.stringify({ params, meta })), {
    params: { name: "a", arguments: { b: [1] } },
    meta: { protocolVersion: "2026-07-28", hasCapabilities: true },
  });
});

Deno.test("readMessages() takes an empty array for an object that has no members", () => {
  const capabilities = { "io.modelcontextprotocol/clientCapabilities": [] };
  const bare = readMessages(JSON.stringify({ ...PING, params: [] }))?.messages[0];
  const call = readMessages(JSON.stringify({ ...PING, params: { arguments: [], _meta: capabilities } }))
    ?.messages[0];
  assert(bare?.kind === "request" && call?.kind === "request");
  assert.deepEqual([bare.meta.hasCapabilities, call.meta.hasCapabilities], [false, true]);
  assert.equal(call.params.arguments, undefined);
});

Deno.test("waitingBytes() counts the id and the texts among the arguments", () => {
  const request = (args: unknown, id = "1"): McpRequest => ({
    kind: "request",
    id,
    method: "tools/call",
    params: { name: "a", arguments: args },
    meta: { hasCapabilities: false },
  });
  const args = { refresh_token: "x".repeat(10_000), feishu_code: 5 };
  assert.equal(waitingBytes(request(args)), 1 + 10_000 + 8);
  assert.equal(waitingBytes(request(args, `"${"y".repeat(48)}"`)), 50 + 10_000 + 8);
  // A call that waits takes memory whatever it says.
  for (const none of [undefined, {}, "z".repeat(10_000)]) {
    assert.equal(waitingBytes(request(none)), LEAST_CALL_BYTES);
  }
});
