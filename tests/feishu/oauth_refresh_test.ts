import assert from "node:assert/strict";
import { createHosts } from "../../src/feishu/hosts.ts";
import { buildOAuthRefresh, readOAuthRefresh } from "../../src/feishu/oauth_refresh.ts";
import { Secret } from "../../src/secret.ts";
import { wireAnswer } from "./wire_answer.ts";

Deno.test.each(
  [
    ["v2", "https://open.larksuite.com/open-apis/authen/v2/oauth/token"],
    ["v3", "https://accounts.larksuite.com/oauth/v3/token"],
  ] as const,
)("`buildOAuthRefresh()` builds the request of %s, proving the app in the body", (endpoint, url) => {
  const request = buildOAuthRefresh(createHosts(), endpoint, {
    endpoint,
    credentials: { brand: "lark", appId: "cli_a", appSecret: new Secret("s-1") },
    refreshToken: new Secret("eyJ.r"),
    appToken: new Secret("t-1"),
    timeoutMs: 1000,
  });
  assert.deepEqual(request, {
    url,
    body: { grant_type: "refresh_token", client_id: "cli_a", client_secret: "s-1", refresh_token: "eyJ.r" },
  });
});

Deno.test("`readOAuthRefresh()` reads a refusal through the codes of its own family", () => {
  const answer = readOAuthRefresh(wireAnswer({ code: 10003, error: "invalid_request" }, { status: 400 }), {
    refreshToken: new Secret("eyJ.r"),
  });
  assert(answer.kind === "refused");
  assert.equal(answer.refusal.errorCode, "refresh_token_invalid");
});
