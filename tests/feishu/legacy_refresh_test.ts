import assert from "node:assert/strict";
import { createHosts } from "../../src/feishu/hosts.ts";
import { buildLegacyRefresh, readLegacyRefresh } from "../../src/feishu/legacy_refresh.ts";
import type { RefreshRequest } from "../../src/ports/feishu.ts";
import { Secret } from "../../src/secret.ts";
import { wireAnswer } from "./wire_answer.ts";

const REQUEST: RefreshRequest = {
  endpoint: "v1",
  credentials: { brand: "feishu", appId: "cli_a", appSecret: new Secret("s-1") },
  refreshToken: new Secret("ur-1"),
  appToken: new Secret("t-1"),
  timeoutMs: 1000,
};

Deno.test.each(
  [
    ["v1", "https://open.feishu.cn/open-apis/authen/v1/refresh_access_token"],
    ["oidc", "https://open.feishu.cn/open-apis/authen/v1/oidc/refresh_access_token"],
  ] as const,
)("`buildLegacyRefresh()` builds the request of %s, without the app's secret", (endpoint, url) => {
  const { bearer, ...request } = buildLegacyRefresh(createHosts(), endpoint, REQUEST);
  assert.deepEqual(request, { url, body: { grant_type: "refresh_token", refresh_token: "ur-1" } });
  assert.equal(bearer?.reveal(), "t-1");
});

Deno.test("`buildLegacyRefresh()` throws when there is no app token", () => {
  const { appToken: _, ...bare } = REQUEST;
  assert.throws(() => buildLegacyRefresh(createHosts(), "oidc", bare), {
    name: "TypeError",
    message: 'The endpoint "oidc" needs an app token: none was given',
  });
});

Deno.test("`readLegacyRefresh()` tells a refused app token from a refused refresh token", () => {
  const verdicts = [99991663, 20026].map((code) => {
    const answer = readLegacyRefresh(wireAnswer({ code, msg: "?" }), { refreshToken: new Secret("ur-r") });
    return answer.kind === "refused" ? answer.refusal.verdict : answer.kind;
  });
  assert.deepEqual(verdicts, ["app_token", "wrong_endpoint"]);
});
