import assert from "node:assert/strict";
import { readPostedMessages } from "../../src/mcp/posted_messages.ts";

const PING = { jsonrpc: "2.0", id: 1, method: "ping" };
const NOTIFICATION = { jsonrpc: "2.0", method: "notifications/initialized" };
const INITIALIZE = { jsonrpc: "2.0", id: 1, method: "initialize", params: {} };

Deno.test.each([
  ["a request", PING, [PING], false, false],
  ["a request to initialize", INITIALIZE, [INITIALIZE], false, true],
  ["a notification", NOTIFICATION, [], false, false],
  ["an answer", { jsonrpc: "2.0", id: 1, result: {} }, [], false, false],
  ["a batch", [PING, NOTIFICATION], [PING], true, false],
])("readPostedMessages() reads %s", (_case, body, requests: readonly unknown[], isBatch, isInitialize) => {
  assert.deepEqual(readPostedMessages(body), { kind: "messages", requests, isBatch, isInitialize });
});

Deno.test.each([
  [null],
  [5],
  [{}],
  [{ ...PING, id: null }],
  [{ ...PING, jsonrpc: "1.0" }],
  [[PING, 5]],
])("readPostedMessages() cannot read %j", (body) => {
  assert.deepEqual(readPostedMessages(body), { kind: "unreadable" });
});

Deno.test("readPostedMessages() refuses a batch of nothing", () => {
  assert.deepEqual(readPostedMessages([]), { kind: "invalid", rule: "A batch must not be empty" });
});

Deno.test("readPostedMessages() takes a batch of 100 and refuses one of 101", () => {
  const kinds = [100, 101].map((length) => readPostedMessages(Array.from({ length }, () => PING)).kind);
  assert.deepEqual(kinds, ["messages", "invalid"]);
});

Deno.test("readPostedMessages() refuses initialize beside anything else", () => {
  assert.equal(readPostedMessages([INITIALIZE, NOTIFICATION]).kind, "invalid");
});
