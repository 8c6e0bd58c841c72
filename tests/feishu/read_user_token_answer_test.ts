import assert from "node:assert/strict";
import { readUserTokenAnswer } from "../../src/feishu/read_user_token_answer.ts";
import type { WireAnswer } from "../../src/feishu/wire.ts";
import type { FeishuAnswer } from "../../src/ports/feishu.ts";
import { Secret } from "../../src/secret.ts";
import { plainAnswer } from "./plain_answer.ts";
import { SENT_AT_MS, wireAnswer } from "./wire_answer.ts";

const FLAT = {
  code: 0,
  access_token: "eyJ.access",
  expires_in: 7200,
  refresh_token: "eyJ.refresh",
  refresh_token_expires_in: 604800,
  scope: "auth:user.id:read offline_access",
  token_type: "Bearer",
};

const TOKEN = {
  accessToken: "eyJ.access",
  lifetimeMs: 7_200_000,
  expiresAtMs: SENT_AT_MS + 7_200_000,
  refreshToken: "eyJ.refresh",
  refreshExpiresAtMs: SENT_AT_MS + 604_800_000,
  scope: "auth:user.id:read offline_access",
  tokenType: "Bearer",
};

function without(token: typeof TOKEN, ...names: (keyof typeof TOKEN)[]): unknown {
  return Object.fromEntries(
    Object.entries(token).filter(([name]) => !names.includes(name as keyof typeof TOKEN)),
  );
}

const PRESENTED = new Secret("eyJ.presented");

function readAnswer(answer: WireAnswer): FeishuAnswer {
  return readUserTokenAnswer(answer, "oauth", PRESENTED);
}

function read(answer: WireAnswer): unknown {
  return plainAnswer(readAnswer(answer));
}

Deno.test("`readUserTokenAnswer()` reads the flat answer of the newer endpoints", () => {
  assert.deepEqual(read(wireAnswer(FLAT, { headers: { "x-tt-logid": "2026A" } })), {
    kind: "issued",
    token: TOKEN,
    logId: "2026A",
  });
});

Deno.test("`readUserTokenAnswer()` reads the nested answer of oidc", () => {
  const { refresh_token_expires_in, code, ...rest } = FLAT;
  const body = { code, msg: "success", data: { ...rest, refresh_expires_in: refresh_token_expires_in } };
  assert.deepEqual(read(wireAnswer(body)), { kind: "issued", token: TOKEN });
});

Deno.test("`readUserTokenAnswer()` reads the answer of v1 with the user's profile in it", () => {
  const body = {
    code: 0,
    msg: "success",
    data: {
      access_token: "u-6U1SbDiM",
      token_type: "Bearer",
      expires_in: 7140,
      name: "zhangsan",
      open_id: "ou_caecc734",
      tenant_key: "736588c92lxf175d",
      refresh_expires_in: 2591940,
      refresh_token: "ur-t9HHgRCj",
      sid: "AAAAA",
    },
  };
  assert.deepEqual(read(wireAnswer(body)), {
    kind: "issued",
    token: {
      accessToken: "u-6U1SbDiM",
      lifetimeMs: 7_140_000,
      expiresAtMs: SENT_AT_MS + 7_140_000,
      refreshToken: "ur-t9HHgRCj",
      refreshExpiresAtMs: SENT_AT_MS + 2_591_940_000,
      tokenType: "Bearer",
    },
  });
});

const HOUR = { lifetimeMs: 3_600_000, expiresAtMs: SENT_AT_MS + 3_600_000 };

Deno.test.each([
  ["code missing", { code: undefined }, TOKEN],
  ["code of another type", { code: [] }, TOKEN],
  ["a nonzero code", { code: 20050 }, TOKEN],
  ["a code that means spent", { code: 20064, msg: "?" }, TOKEN],
  ["msg of another type", { msg: 7 }, TOKEN],
  ["scope missing", { scope: undefined }, without(TOKEN, "scope")],
  ["scope of another type", { scope: ["a"] }, without(TOKEN, "scope")],
  ["token_type missing", { token_type: undefined }, without(TOKEN, "tokenType")],
  ["token_type of another type", { token_type: null }, without(TOKEN, "tokenType")],
  ["expires_in missing", { expires_in: undefined }, { ...TOKEN, ...HOUR }],
  ["expires_in of another type", { expires_in: {} }, { ...TOKEN, ...HOUR }],
  ["expires_in as words", { expires_in: "two hours" }, { ...TOKEN, ...HOUR }],
  ["expires_in beyond belief", { expires_in: 1e12 }, { ...TOKEN, ...HOUR }],
  ["expires_in as text", { expires_in: "7200" }, TOKEN],
  ["expires_in as decimals in text", { expires_in: " 7200.0 " }, TOKEN],
  [
    "refresh_token_expires_in missing",
    { refresh_token_expires_in: undefined },
    without(TOKEN, "refreshExpiresAtMs"),
  ],
  [
    "refresh_token_expires_in of another type",
    { refresh_token_expires_in: true },
    without(TOKEN, "refreshExpiresAtMs"),
  ],
  ["refresh_token_expires_in of zero", { refresh_token_expires_in: 0 }, without(TOKEN, "refreshExpiresAtMs")],
  ["refresh_token_expires_in as text", { refresh_token_expires_in: "604800" }, TOKEN],
  [
    "refresh_token missing",
    { refresh_token: undefined },
    without(TOKEN, "refreshToken", "refreshExpiresAtMs"),
  ],
  [
    "refresh_token of another type",
    { refresh_token: 5 },
    without(TOKEN, "refreshToken", "refreshExpiresAtMs"),
  ],
])("`readUserTokenAnswer()` loses no token when there is %s", (_, change, token) => {
  assert.deepEqual(read(wireAnswer({ ...FLAT, ...change })), { kind: "issued", token });
});

Deno.test.each([302, 400, 404, 429, 500])(
  "`readUserTokenAnswer()` keeps a whole pair beside HTTP %i",
  (status) => {
    assert.deepEqual(read(wireAnswer(FLAT, { status })), { kind: "issued", token: TOKEN });
  },
);

Deno.test("`readUserTokenAnswer()` takes the token that was presented as its own successor in a plain success", () => {
  const answer = readAnswer(wireAnswer({ ...FLAT, refresh_token: PRESENTED.reveal() }));
  assert(answer.kind === "issued");
  assert.equal(answer.token.refreshToken?.reveal(), PRESENTED.reveal());
  assert.equal(answer.token.isSalvaged, undefined);
});

Deno.test("`readUserTokenAnswer()` does not end a login for an access token beside an error status", () => {
  const answer = readAnswer(wireAnswer({ code: 20050, access_token: "eyJ.access" }, { status: 500 }));
  assert(answer.kind === "refused");
  assert.equal(answer.refusal.mayHaveConsumed, true);
});

Deno.test.each(
  [
    [
      "behind the pair",
      '{"access_token":"eyJ.access","refresh_token":"eyJ.refresh","expires_in":72',
      "issued",
    ],
    ["right behind the last quote", '{"access_token":"eyJ.access","refresh_token":"eyJ.refresh"', "issued"],
    [
      "behind a nested pair",
      '{"code":0,"data":{"refresh_token":"eyJ.refresh","access_token":"eyJ.access","sc',
      "issued",
    ],
    ["inside the refresh token", '{"access_token":"eyJ.access","refresh_token":"eyJ.ref', "unreadable"],
    ["inside the access token", '{"refresh_token":"eyJ.refresh","access_token":"eyJ.a', "unreadable"],
    ["before the refresh token", '{"access_token":"eyJ.access","expires_in":7200,', "unreadable"],
  ] as const,
)("`readUserTokenAnswer()` finds a body that was cut %s: %s", (where, text, kind) => {
  const answer = readAnswer(wireAnswer(text, { cut: "connection lost" }));
  assert.equal(answer.kind, kind, where);
  if (answer.kind === "issued") {
    assert.equal(answer.token.accessToken.reveal(), "eyJ.access");
    assert.equal(answer.token.refreshToken?.reveal(), "eyJ.refresh");
    assert.deepEqual([answer.token.lifetimeMs, answer.token.isSalvaged], [3_600_000, true]);
  }
});

Deno.test("`readUserTokenAnswer()` takes nothing for a token that stands inside another text", () => {
  const text = JSON.stringify({ msg: '{"access_token":"planted","refresh_token":"planted"}' });
  assert.equal(
    readAnswer(wireAnswer(text.slice(0, -1), { cut: "connection lost" })).kind,
    "unreadable",
  );
});

Deno.test("`readUserTokenAnswer()` shows no token when what it returns is printed", () => {
  const answers = [wireAnswer(FLAT), wireAnswer('{"access_token":"eyJ.access","re', { cut: "timed out" })];
  for (const answer of answers.map(readAnswer)) {
    assert.doesNotMatch(Deno.inspect(answer, { depth: 9 }) + JSON.stringify(answer), /eyJ/);
  }
});
