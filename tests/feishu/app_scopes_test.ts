import assert from "node:assert/strict";
import { buildAppScopes, readAppScopes } from "../../src/feishu/app_scopes.ts";
import { createHosts } from "../../src/feishu/hosts.ts";
import type { AppScope } from "../../src/ports/feishu.ts";
import { Secret } from "../../src/secret.ts";
import { wireAnswer } from "./wire_answer.ts";

const TENANT_TOKEN = new Secret("t-1");

function url(appId: string): string {
  const credentials = { brand: "lark", appId, appSecret: new Secret("s") } as const;
  return buildAppScopes(createHosts(), { credentials, tenantToken: TENANT_TOKEN }).url;
}

function scopes(list: unknown): readonly AppScope[] {
  const answer = readAppScopes(wireAnswer({ code: 0, msg: "success", data: { app: { scopes: list } } }));
  assert(answer.kind === "scopes", answer.kind);
  return answer.scopes;
}

Deno.test("`buildAppScopes()` asks about the app itself, with the tenant token and without a body", () => {
  const credentials = { brand: "feishu", appId: "cli_a1", appSecret: new Secret("s") } as const;
  assert.deepEqual(buildAppScopes(createHosts(), { credentials, tenantToken: TENANT_TOKEN }), {
    url: "https://open.feishu.cn/open-apis/application/v6/applications/cli_a1?lang=en_us",
    bearer: TENANT_TOKEN,
  });
});

Deno.test("`buildAppScopes()` keeps an app id of other characters inside its part of the path", () => {
  assert.equal(
    url("../a?b"),
    "https://open.larksuite.com/open-apis/application/v6/applications/..%2Fa%3Fb?lang=en_us",
  );
});

Deno.test("`readAppScopes()` reads the names, and whose tokens have them", () => {
  const described = { description: "planted", level: 1 };
  assert.deepEqual(
    scopes([
      { ...described, scope: "docx:document", token_types: ["user", "tenant"] },
      { ...described, scope: "offline_access", token_types: ["user"] },
      { ...described, scope: "im:message:send_as_bot", token_types: ["tenant"] },
    ]),
    [
      { name: "docx:document", forUsers: true, forTenants: true },
      { name: "offline_access", forUsers: true, forTenants: false },
      { name: "im:message:send_as_bot", forUsers: false, forTenants: true },
    ],
  );
});

Deno.test.each([[undefined], [null], ["user"], [7]])(
  "`readAppScopes()` takes a scope with the token types %o for one of both",
  (token_types) => {
    assert.deepEqual(scopes([{ scope: "docx:document", token_types }]), [
      { name: "docx:document", forUsers: true, forTenants: true },
    ]);
  },
);

Deno.test("`readAppScopes()` leaves out what has no name of a scope", () => {
  const names = ["im:message", "", "two words", "a\u001b[2J", "x".repeat(129), 7, null];
  const list = [...names.map((scope) => ({ scope, token_types: ["user"] })), "docx", null, []];
  assert.deepEqual(scopes(list).map(({ name }) => name), ["im:message"]);
});

Deno.test("`readAppScopes()` hands on the log id", () => {
  const answer = readAppScopes(
    wireAnswer({ code: 0, data: { app: { scopes: [] } } }, { headers: { "x-tt-logid": "20261201A" } }),
  );
  assert.deepEqual(answer, { kind: "scopes", scopes: [], logId: "20261201A" });
});

Deno.test.each([
  ["no list", { code: 0, data: { app: {} } }],
  ["an app that is none", { code: 0, data: { app: null } }],
  ["a page", "<html></html>"],
  ["half of an answer", '{"code":0,"data":{"app":{"scopes":[{"scope":"im:message"}'],
])("`readAppScopes()` does not take %s for an app without scopes", (_, body) => {
  assert.equal(readAppScopes(wireAnswer(body)).kind, "unreadable");
});

Deno.test.each([
  [99991663, 400, "app_token", "credentials_refused"],
  [99991672, 400, "config", "app_not_permitted"],
  [99991401, 400, "config", "app_not_permitted"],
  [99991400, 400, "transient", "rate_limited"],
  [210_508, 400, "transient", "feishu_refused"],
])("`readAppScopes()` reads %i with %i as %s, %s", (code, status, verdict, errorCode) => {
  const list = [{ scope: "im:message" }];
  const answer = readAppScopes(wireAnswer({ code, msg: "…", data: { app: { scopes: list } } }, { status }));
  assert(answer.kind === "refused");
  const { refusal } = answer;
  assert.deepEqual([refusal.verdict, refusal.errorCode, refusal.mayHaveConsumed], [
    verdict,
    errorCode,
    false,
  ]);
});
