import assert from "node:assert/strict";
import { createMayUseKeptApp } from "../../../src/http/security/may_use_kept_app.ts";

const HERE = { remoteAddr: { transport: "tcp", hostname: "127.0.0.1", port: 50_000 } } as const;
const ELSEWHERE = { remoteAddr: { ...HERE.remoteAddr, hostname: "192.0.2.7" } } as const;

function request(headers: Record<string, string> = {}): Request {
  return new Request("http://127.0.0.1:8081/mcp", { method: "POST", headers });
}

Deno.test("createMayUseKeptApp() lets programs of this machine use a kept app", () => {
  const may = createMayUseKeptApp({ isBoundToLoopback: () => true, isPublished: false });
  assert.equal(may(request(), HERE), true);
  assert.equal(may(request(), ELSEWHERE), false);
  assert.equal(may(request({ "x-forwarded-for": "192.0.2.7" }), HERE), false);
});

Deno.test("createMayUseKeptApp() lets nobody where others can reach the server", () => {
  for (const [isBound, isPublished] of [[false, false], [true, true]] as const) {
    const may = createMayUseKeptApp({ isBoundToLoopback: () => isBound, isPublished });
    assert.equal(may(request(), HERE), false);
  }
});
