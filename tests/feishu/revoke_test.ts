import assert from "node:assert/strict";
import { createHosts } from "../../src/feishu/hosts.ts";
import { buildRevoke, readRevoke } from "../../src/feishu/revoke.ts";
import { Secret } from "../../src/secret.ts";
import { wireAnswer } from "./wire_answer.ts";

Deno.test("`buildRevoke()` names the token and what it is, and proves the app in the body of a form", () => {
  const request = buildRevoke(createHosts(), {
    credentials: { brand: "feishu", appId: "cli_a", appSecret: new Secret("s-1") },
    token: new Secret("eyJr"),
    tokenType: "refresh_token",
    timeoutMs: 1000,
  });
  assert.deepEqual(request, {
    url: "https://accounts.feishu.cn/oauth/v1/revoke",
    encoding: "form",
    body: { client_id: "cli_a", client_secret: "s-1", token: "eyJr", token_type_hint: "refresh_token" },
  });
});

Deno.test.each([
  ["nothing", "", 200],
  ["nothing, with 204", "", 204],
  ["code 0", { code: 0 }, 200],
  ["an empty object", {}, 200],
])("`readRevoke()` takes %s for done", (_, body, status) => {
  assert.deepEqual(readRevoke(wireAnswer(body, { status })), { kind: "revoked" });
});

Deno.test.each([
  ["an unknown code", { code: 777, msg: "…" }, 200, "transient"],
  ["a known code", { code: 20002 }, 200, "config"],
  ["a dead token", { error: "invalid_grant" }, 400, "ambiguous"],
  ["an error with 200", { error: "invalid_client" }, 200, "config"],
  ["a failure", "", 500, "transient"],
])("`readRevoke()` takes %s for a refusal", (_, body, status, verdict) => {
  const answer = readRevoke(wireAnswer(body, { status }));
  assert(answer.kind === "refused", answer.kind);
  assert.deepEqual([answer.refusal.verdict, answer.refusal.mayHaveConsumed], [verdict, false]);
});

Deno.test.each(
  [
    ["a page", "<html>Sign in</html>", {}],
    ["an answer that was cut before its first byte", "", { cut: "connection lost" }],
    ["an error that no table knows", { error: "odd" }, {}],
  ] as const,
)("`readRevoke()` does not take %s for done", (_, body, how) => {
  assert.equal(readRevoke(wireAnswer(body, how)).kind, "unreadable");
});
