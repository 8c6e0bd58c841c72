import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHosts } from "../../src/feishu/hosts.ts";
import { buildOAuthRefresh, readOAuthRefresh } from "../../src/feishu/oauth_refresh.ts";
import { Secret } from "../../src/secret.ts";
import { SENT_AT_MS, wireAnswer } from "./wire_answer.ts";

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

Deno.test("`readOAuthRefresh()` reads which authorization the new pair belongs to", () => {
  const timeS = SENT_AT_MS / 1000 - 86_400;
  const claims = Buffer.from(JSON.stringify({ auth_id: "75123", auth_time: timeS })).toString("base64url");
  const pair = { access_token: `eyJh.${claims}.c2ln`, refresh_token: "eyJ.s", expires_in: 7200 };
  const answer = readOAuthRefresh(wireAnswer({ code: 0, ...pair }), { refreshToken: new Secret("eyJ.r") });
  assert(answer.kind === "issued");
  assert.deepEqual(answer.claims, { id: "75123", timeS });
});

Deno.test("`readOAuthRefresh()` reads a pair whose access token says nothing of the authorization", () => {
  const pair = { access_token: "u-2", refresh_token: "ur-2", expires_in: 7200 };
  const answer = readOAuthRefresh(wireAnswer({ code: 0, ...pair }), { refreshToken: new Secret("ur-1") });
  assert(answer.kind === "issued");
  assert.equal("claims" in answer, false);
});
