import assert from "node:assert/strict";
import {
  buildInternalTokenRequest,
  readInternalTokenAnswer,
} from "../../src/feishu/internal_token_endpoint.ts";
import { createHosts } from "../../src/feishu/hosts.ts";
import { Secret } from "../../src/secret.ts";
import { plainAnswer } from "./plain_answer.ts";
import { SENT_AT_MS, wireAnswer } from "./wire_answer.ts";

const GOLDEN = {
  app_access_token: "t-g1044ABC",
  code: 0,
  expire: 4567,
  msg: "ok",
  tenant_access_token: "t-g1044ABC",
};

function issued(lifetimeMs: number): unknown {
  const expiresAtMs = SENT_AT_MS + lifetimeMs;
  return { kind: "issued", token: { accessToken: "t-g1044ABC", lifetimeMs, expiresAtMs } };
}

Deno.test("`buildInternalTokenRequest()` sends id and secret to the brand's open host", () => {
  const credentials = { brand: "lark", appId: "cli_a", appSecret: new Secret("s-1") } as const;
  assert.deepEqual(buildInternalTokenRequest(createHosts(), "app", credentials), {
    url: "https://open.larksuite.com/open-apis/auth/v3/app_access_token/internal",
    body: { app_id: "cli_a", app_secret: "s-1" },
  });
});

Deno.test("`readInternalTokenAnswer()` reads Feishu's documented answer, counting from before the request", () => {
  const answer = wireAnswer(GOLDEN, { headers: { "x-tt-logid": "2026A" } });
  assert.deepEqual(plainAnswer(readInternalTokenAnswer("app", answer)), {
    ...issued(4_567_000) as object,
    logId: "2026A",
  });
});

Deno.test.each([
  ["expire as text", { ...GOLDEN, expire: "4567" }, 4_567_000],
  ["no expire", { ...GOLDEN, expire: undefined }, 1_800_000],
  ["a negative expire", { ...GOLDEN, expire: -1 }, 1_800_000],
  ["an expire that is a point in time", { ...GOLDEN, expire: 1_700_007_200 }, 1_800_000],
  ["an expire of another type", { ...GOLDEN, expire: { seconds: 1 } }, 1_800_000],
  ["an expire of zero", { ...GOLDEN, expire: 0 }, 0],
  ["no code and no msg", { app_access_token: "t-g1044ABC", expire: 60 }, 60_000],
  ["a nonzero code", { ...GOLDEN, code: 2200 }, 4_567_000],
])("`readInternalTokenAnswer()` keeps the token beside %s", (_, body, lifetimeMs) => {
  assert.deepEqual(plainAnswer(readInternalTokenAnswer("app", wireAnswer(body))), issued(lifetimeMs));
});

Deno.test("`readInternalTokenAnswer()` keeps the token when the status is an error", () => {
  assert.deepEqual(
    plainAnswer(readInternalTokenAnswer("app", wireAnswer(GOLDEN, { status: 500 }))),
    issued(4_567_000),
  );
});

Deno.test("`readInternalTokenAnswer()` keeps a complete token out of a body that was cut", () => {
  const answer = wireAnswer('{"app_access_token":"t-g1044ABC","code":0,"expire":45', {
    cut: "connection lost",
  });
  assert.deepEqual(plainAnswer(readInternalTokenAnswer("app", answer)), issued(1_800_000));
});

Deno.test("`readInternalTokenAnswer()` hands out no half token when the body ends inside it", () => {
  const answer = wireAnswer('{"app_access_token":"t-g10', { cut: "connection lost" });
  assert.equal(readInternalTokenAnswer("app", answer).kind, "unreadable");
});

Deno.test.each([[""], [7], [null]])("`readInternalTokenAnswer()` does not take %j for a token", (value) => {
  assert.equal(
    readInternalTokenAnswer("app", wireAnswer({ ...GOLDEN, app_access_token: value })).kind,
    "unreadable",
  );
});

Deno.test("`readInternalTokenAnswer()` reads a refusal through the codes of its own family", () => {
  const read = readInternalTokenAnswer("app", wireAnswer({ code: 10014, msg: "app secret invalid" }));
  assert(read.kind === "refused");
  assert.equal(read.refusal.errorCode, "credentials_refused");
});

Deno.test("`buildInternalTokenRequest()` asks the tenant's endpoint for a tenant token", () => {
  const credentials = { brand: "feishu", appId: "cli_a", appSecret: new Secret("s-1") } as const;
  const { url, body } = buildInternalTokenRequest(createHosts(), "tenant", credentials);
  assert.equal(url, "https://open.feishu.cn/open-apis/auth/v3/tenant_access_token/internal");
  assert.deepEqual(body, { app_id: "cli_a", app_secret: "s-1" });
});

Deno.test("`readInternalTokenAnswer()` reads Feishu's documented answer of a tenant token", () => {
  const answer = wireAnswer({ code: 0, msg: "ok", tenant_access_token: "t-g1044ABC", expire: 4567 });
  assert.deepEqual(plainAnswer(readInternalTokenAnswer("tenant", answer)), issued(4_567_000));
});

Deno.test("`readInternalTokenAnswer()` takes each kind's token from its own field, whatever the other holds", () => {
  const both = wireAnswer({ ...GOLDEN, app_access_token: "t-app", tenant_access_token: "t-tenant" });
  const tokens = (["app", "tenant"] as const).map((kind) => {
    const answer = readInternalTokenAnswer(kind, both);
    return answer.kind === "issued" ? answer.token.accessToken.reveal() : answer.kind;
  });
  assert.deepEqual(tokens, ["t-app", "t-tenant"]);
});
