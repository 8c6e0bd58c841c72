import assert from "node:assert/strict";
import type { AppCredentials, RefreshEndpoint } from "../../../src/ports/feishu.ts";
import { Secret } from "../../../src/secret.ts";
import { RefreshEndpoints } from "../../../src/tokens/user/refresh_endpoints.ts";

const APP: AppCredentials = { brand: "feishu", appId: "cli_a", appSecret: new Secret("s") };
const OTHER: AppCredentials = { ...APP, appId: "cli_b" };
const LEGACY = new Secret("ur-abc");
const JWT = new Secret("eyJhbGciOi.e30.x");

Deno.test.each(
  [
    [LEGACY, ["oidc", "v1"]],
    [JWT, ["v2", "v3"]],
    [new Secret("something else"), ["v2", "v3"]],
  ] as [Secret, RefreshEndpoint[]][],
)("candidates() are told by the token's shape", (token, expected) => {
  assert.deepEqual(new RefreshEndpoints().candidates(APP, token), expected);
});

Deno.test("candidates() begin with what worked for the app, for tokens of that shape", () => {
  const endpoints = new RefreshEndpoints();
  endpoints.worked(APP, JWT, "v3");
  assert.deepEqual(endpoints.candidates(APP, JWT), ["v3", "v2"]);
  assert.deepEqual(endpoints.candidates(APP, LEGACY), ["oidc", "v1"]);
  assert.deepEqual(endpoints.candidates(OTHER, JWT), ["v2", "v3"]);
});

Deno.test("candidates() begin with the endpoint that issued the token, where that is known", () => {
  const endpoints = new RefreshEndpoints();
  endpoints.worked(APP, LEGACY, "oidc");
  assert.deepEqual(endpoints.candidates(APP, LEGACY, "v1"), ["v1", "oidc"]);
});

Deno.test("candidates() are the pinned endpoint alone", () => {
  const endpoints = new RefreshEndpoints("v1");
  endpoints.worked(APP, JWT, "v3");
  assert.deepEqual(endpoints.candidates(APP, JWT, "v2"), ["v1"]);
  assert.equal(endpoints.isPinned, true);
});
