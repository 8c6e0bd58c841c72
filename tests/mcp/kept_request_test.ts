import assert from "node:assert/strict";
import { LEAST_CALL_BYTES } from "../../src/http/least_call_bytes.ts";
import { keptRequest, waitingBytes } from "../../src/mcp/kept_request.ts";
import type { JSONRPCRequest } from "../../src/mcp/sdk.ts";

const HEAP = Array.from({ length: 3 }, () => ({}));

function call(params: Record<string, unknown>): JSONRPCRequest {
  return { jsonrpc: "2.0", id: 1, method: "tools/call", params };
}

Deno.test.each<[Record<string, unknown>, Record<string, unknown>]>([
  [{ name: "a", arguments: { b: [1] } }, { name: "a", arguments: { b: [1] } }],
  [{ name: "a", surplus: HEAP }, { name: "a" }],
  [{ name: "a", _meta: { heap: HEAP } }, { name: "a" }],
  [{ name: "a", _meta: { progressToken: 1, heap: HEAP } }, { name: "a", _meta: { progressToken: 1 } }],
  [{ name: "a", _meta: { progressToken: HEAP } }, { name: "a", _meta: { progressToken: [] } }],
  [{ name: "a", _meta: { progressToken: { heap: HEAP } } }, { name: "a", _meta: { progressToken: {} } }],
  [{ name: "a", _meta: HEAP }, { name: "a", _meta: [] }],
  [{ name: "a", _meta: null }, { name: "a", _meta: null }],
  [
    { name: "a", _meta: { "io.modelcontextprotocol/related-task": { taskId: "t", heap: HEAP } } },
    { name: "a", _meta: { "io.modelcontextprotocol/related-task": { taskId: "t" } } },
  ],
  [{ name: "a", task: { ttl: 5, heap: HEAP } }, { name: "a", task: { ttl: 5 } }],
])("keptRequest() keeps of the parameters %j what is read of them", (params, kept) => {
  assert.deepEqual(keptRequest(call(params)), call(kept));
});

Deno.test("keptRequest() leaves another request as it is", () => {
  const request: JSONRPCRequest = {
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: { capabilities: {} },
  };
  assert.equal(keptRequest(request), request);
});

Deno.test("waitingBytes() counts the id and the texts among the arguments", () => {
  const request = call({ name: "a", arguments: { refresh_token: "x".repeat(10_000), feishu_code: 5 } });
  assert.equal(waitingBytes(request), 8 + 10_000 + 8);
  assert.equal(waitingBytes({ ...request, id: "y".repeat(50) }), 50 + 10_000 + 8);
});

Deno.test.each<[string, Record<string, unknown>]>([
  ["none", { name: "a" }],
  ["short ones", { name: "a", arguments: { refresh_token: "x" } }],
  ["no object", { name: "a", arguments: "z".repeat(10_000) }],
])("waitingBytes() is never less than what a call waits with, when the arguments are %s", (_case, params) => {
  assert.equal(waitingBytes(call(params)), LEAST_CALL_BYTES);
});
