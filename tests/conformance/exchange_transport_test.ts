import assert from "node:assert/strict";
import { ExchangeTransport } from "./exchange_transport.ts";
import type { McpCall } from "../../src/mcp/calls/toolbox.ts";
import type { JSONRPCMessage } from "../../src/mcp/messages/sdk.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { TEST_CREDENTIALS } from "../mcp/memory_token_service.ts";

const PING = { jsonrpc: "2.0", id: "same", method: "ping" } as const;

Deno.test("exchange() gives each caller its own answer when two use the same id", async () => {
  const { transport, received } = recordingTransport();
  const first = transport.exchange(PING, callNamed("first"));
  const second = transport.exchange(PING, callNamed("second"));
  const [firstId, secondId] = received.map(idOf);
  await transport.send({ jsonrpc: "2.0", id: secondId ?? 0, result: { to: "second" } });
  await transport.send({ jsonrpc: "2.0", id: firstId ?? 0, result: { to: "first" } });
  assert.deepEqual(await Promise.all([first.answer, second.answer]), [
    { jsonrpc: "2.0", id: "same", result: { to: "first" } },
    { jsonrpc: "2.0", id: "same", result: { to: "second" } },
  ]);
});

Deno.test("callOf() finds the call that came with a request", () => {
  const { transport, received } = recordingTransport();
  transport.exchange(PING, callNamed("first"));
  transport.exchange(PING, callNamed("second"));
  assert.deepEqual(received.map((message) => transport.callOf(idOf(message)).requestId), ["first", "second"]);
});

Deno.test("callOf() throws when the request is answered", async () => {
  const { transport, received } = recordingTransport();
  transport.exchange(PING, callNamed("first"));
  const [id = 0] = received.map(idOf);
  await transport.send({ jsonrpc: "2.0", id, result: {} });
  assert.throws(() => transport.callOf(id), /it is answered or cancelled$/);
});

Deno.test("cancel() tells the server which request is over, once", () => {
  const { transport, received } = recordingTransport();
  const exchange = transport.exchange(PING, callNamed("first"));
  exchange.cancel();
  exchange.cancel();
  const [request, ...rest] = received;
  assert.deepEqual(rest, [{
    jsonrpc: "2.0",
    method: "notifications/cancelled",
    params: { requestId: request === undefined ? undefined : idOf(request) },
  }]);
});

Deno.test("cancel() does nothing when the request is answered", async () => {
  const { transport, received } = recordingTransport();
  const exchange = transport.exchange(PING, callNamed("first"));
  await transport.send({ jsonrpc: "2.0", id: received.map(idOf)[0] ?? 0, result: {} });
  exchange.cancel();
  assert.equal(received.length, 1);
});

Deno.test("send() leaves requests open when it is given what is no answer", async () => {
  const { transport, received } = recordingTransport();
  transport.exchange(PING, callNamed("first"));
  const [id = 0] = received.map(idOf);
  await transport.send({ jsonrpc: "2.0", id, method: "sampling/createMessage" });
  assert.equal(transport.callOf(id).requestId, "first");
});

function recordingTransport(): { transport: ExchangeTransport; received: JSONRPCMessage[] } {
  const transport = new ExchangeTransport();
  const received: JSONRPCMessage[] = [];
  transport.onmessage = (message) => void received.push(message);
  return { transport, received };
}

function callNamed(requestId: string): McpCall {
  return { requestId, log: new RecordingLog(), credentials: () => TEST_CREDENTIALS };
}

function idOf(message: JSONRPCMessage): string | number {
  return "id" in message && message.id !== undefined ? message.id : 0;
}
