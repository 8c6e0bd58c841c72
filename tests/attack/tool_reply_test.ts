import assert from "node:assert/strict";
import { readToolReply, wordOf } from "../../attack/tool_reply.ts";

function answer(result: unknown): string {
  return JSON.stringify({ jsonrpc: "2.0", id: 1, result });
}

Deno.test.each<[string, string]>([
  ["app token", answer({ structuredContent: { app_access_token: "t", expires_in: 1 } })],
  ["pair", answer({ structuredContent: { access_token: "a", refresh_token: "r", expires_in: 1 } })],
  [
    "store_unavailable",
    answer({ isError: true, _meta: { "feishu-token/error": { code: "store_unavailable" } } }),
  ],
  ["refused", answer({ content: [] })],
  ["refused", JSON.stringify({ jsonrpc: "2.0", id: 1, error: { code: -32600, message: "x" } })],
  ["refused", "<html>"],
  ["refused", ""],
])("readToolReply() reads an answer as %s: %s", (word, text) => {
  assert.equal(wordOf(readToolReply(text)), word);
});

Deno.test("readToolReply() keeps what is looked at, and the whole text", () => {
  const text = answer({
    structuredContent: { access_token: "a", expires_in: 1, warning: "w", replayed: true },
  });
  const reply = readToolReply(text);
  assert.equal(reply.text, text);
  assert.deepEqual(reply.kind === "given" && reply.content, {
    access_token: "a",
    expires_in: 1,
    warning: "w",
    replayed: true,
  });
});
