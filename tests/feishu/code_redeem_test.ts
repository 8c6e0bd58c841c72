import assert from "node:assert/strict";
import { buildCodeRedeem, readCodeRedeem } from "../../src/feishu/code_redeem.ts";
import { createHosts } from "../../src/feishu/hosts.ts";
import type { FeishuAnswer } from "../../src/ports/feishu.ts";
import { nextCodeEndpoint } from "../../src/ports/next_code_endpoint.ts";
import { Secret } from "../../src/secret.ts";
import { wireAnswer } from "./wire_answer.ts";

const CREDENTIALS = { brand: "feishu", appId: "cli_a", appSecret: new Secret("s-1") } as const;
const REDIRECT = "http://127.0.0.1:8081/login/callback";
const CODE = new Secret("planted-code");

function read(body: string | object, status = 400): FeishuAnswer {
  return readCodeRedeem(wireAnswer(body, { status }), { code: CODE });
}

Deno.test("`buildCodeRedeem()` presents code, redirect URI and verifier in the body", () => {
  const request = buildCodeRedeem(createHosts(), {
    endpoint: "v2",
    credentials: CREDENTIALS,
    code: CODE,
    redirectUri: REDIRECT,
    verifier: new Secret("v-1"),
    timeoutMs: 1000,
  });
  assert.deepEqual(request, {
    url: "https://open.feishu.cn/open-apis/authen/v2/oauth/token",
    body: {
      grant_type: "authorization_code",
      client_id: "cli_a",
      client_secret: "s-1",
      code: "planted-code",
      redirect_uri: REDIRECT,
      code_verifier: "v-1",
    },
  });
});

Deno.test("`buildCodeRedeem()` presents no verifier to v3 for a code without challenge", () => {
  const { url, body } = buildCodeRedeem(createHosts(), {
    endpoint: "v3",
    credentials: CREDENTIALS,
    code: CODE,
    redirectUri: REDIRECT,
    timeoutMs: 1000,
  });
  assert.equal(url, "https://accounts.feishu.cn/oauth/v3/token");
  assert.equal("code_verifier" in (body ?? {}), false);
});

Deno.test("`readCodeRedeem()` reads the pair", () => {
  const answer = read({ code: 0, access_token: "eyJa", refresh_token: "eyJr", expires_in: 7200 }, 200);
  assert.equal(answer.kind, "issued");
});

Deno.test.each(
  [
    ["20049", { code: 20049, error: "invalid_grant" }, 400, "v3", "v2"],
    ["20049", { code: 20049, error: "invalid_grant" }, 400, "v2", "v3"],
    ["404", "404 page not found", 404, "v3", "v2"],
    ["a page", "<html></html>", 200, "v3", "v2"],
    ["a page of methods", "<html></html>", 405, "v3", "v2"],
    ["20003", { code: 20003, error: "invalid_grant" }, 400, "v3", undefined],
    ["20004", { code: 20004 }, 400, "v3", undefined],
    ["20065", { code: 20065 }, 400, "v2", undefined],
    ["20071", { code: 20071 }, 400, "v2", undefined],
    ["20002", { code: 20002, error: "invalid_client" }, 400, "v2", undefined],
    ["20050", { code: 20050, error: "server_error" }, 500, "v2", undefined],
    ["502", "<html></html>", 502, "v2", undefined],
    ["a pair", { access_token: "eyJa", refresh_token: "eyJr" }, 200, "v3", undefined],
  ] as const,
)("`nextCodeEndpoint()` after %s", (_, body, status, tried, next) => {
  assert.equal(nextCodeEndpoint(tried, read(body, status)), next);
});

Deno.test("`nextCodeEndpoint()` keeps to the endpoint that did not answer: it may be at it still", () => {
  const detail = { en: "no answer", zh: "没有响应" };
  assert.equal(nextCodeEndpoint("v3", { kind: "unanswered", sent: true, timedOut: true, detail }), undefined);
});
