import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { readLoginClaims } from "../../src/feishu/read_login_claims.ts";
import type { LoginClaims } from "../../src/ports/feishu.ts";
import { Secret } from "../../src/secret.ts";

const NOW_S = 1_780_000_000;
const CLAIMS = { auth_id: "7512345678901234567", auth_time: NOW_S - 3, auth_exp: NOW_S - 3 + 31_536_000 };

function jwt(payload: string): string {
  return `eyJhbGciOiJFUzI1NiJ9.${Buffer.from(payload).toString("base64url")}.c2ln`;
}

function read(claims: object): LoginClaims | undefined {
  return readLoginClaims(new Secret(jwt(JSON.stringify({ ...CLAIMS, ...claims }))), NOW_S * 1000);
}

Deno.test("`readLoginClaims()` reads who authorized when, and until when", () => {
  assert.deepEqual(read({}), { id: "7512345678901234567", timeS: NOW_S - 3, endsS: NOW_S - 3 + 31_536_000 });
});

Deno.test("`readLoginClaims()` does without the end", () => {
  assert.deepEqual(read({ auth_exp: undefined }), { id: "7512345678901234567", timeS: NOW_S - 3 });
});

Deno.test("`readLoginClaims()` allows Feishu's clock to be ahead by ten minutes", () => {
  assert.equal(read({ auth_time: NOW_S + 600 })?.timeS, NOW_S + 600);
  assert.equal(read({ auth_time: NOW_S + 601 }), undefined);
});

Deno.test.each([
  { auth_id: undefined },
  { auth_id: "" },
  { auth_id: 7 },
  { auth_id: "7x" },
  { auth_id: "7".repeat(33) },
  { auth_time: undefined },
  { auth_time: "1780000000" },
  { auth_time: NOW_S * 1000 },
  { auth_time: 1_500_000_000 },
  { auth_time: NOW_S - 0.5 },
  { auth_time: -1 },
  { auth_exp: NOW_S - 3 },
  { auth_exp: 1 },
  { auth_exp: "never" },
  { auth_exp: null },
  { auth_exp: 1e300 },
])("`readLoginClaims()` reads nothing of %o", (claims) => {
  assert.equal(read(claims), undefined);
});

Deno.test.each(["u-abc", "eyJhbGci", "a.b", "a.b.c", jwt("[]"), jwt("null"), jwt('{"auth_id"'), ""])(
  "`readLoginClaims()` reads nothing of the token %j",
  (token) => {
    assert.equal(readLoginClaims(new Secret(token), NOW_S * 1000), undefined);
  },
);
