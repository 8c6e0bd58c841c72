import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { checkRefreshToken } from "../../../src/cli/doctor/check_refresh_token.ts";
import { Secret } from "../../../src/secret.ts";

const NOW_MS = Date.UTC(2026, 0, 2, 3, 4, 5);
const NOW_S = NOW_MS / 1000;

function jwt(claims: unknown): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "ES256" })}.${part(claims)}.c2ln`;
}

Deno.test.each([
  ["nothing", "", "fail", /^standard input is empty$/],
  ["blanks inside", "ur-one ur-two", "fail", /blanks/],
  ["a user access token", "u-abcdefgh", "fail", /^this is a user access token/],
  ["an app access token", "t-abcdefgh", "fail", /^this is an app or tenant access token/],
  [
    "a token of the older endpoints",
    "ur-abcdefgh",
    "ok",
    /^11 characters, of the older endpoints \(v1, oidc\)/,
  ],
  ["a token that has no end", jwt({ iat: NOW_S }), "ok", /issued 2026-01-02T03:04:05Z, without an expiry$/],
  [
    "a token that is good",
    jwt({ exp: NOW_S + 60 }),
    "ok",
    /valid until 2026-01-02T03:05:05Z unless it has been used$/,
  ],
  ["a token that has expired", jwt({ exp: NOW_S - 60 }), "fail", /expired 2026-01-02T03:03:05Z$/],
  ["a JWT whose times are none", jwt({ exp: "soon", iat: 1e300 }), "ok", /without an expiry$/],
  ["a JWT without claims", jwt(null), "warn", /no known form/],
  ["a JWT of an access token", jwt({ typ: "access_token" }), "fail", /^this is a user access token/],
  ["a pasted header", "Bearer ur-abcdefgh", "ok", /^11 characters/],
  ["quotes", '"ur-abcdefgh"', "ok", /^11 characters/],
  ["a variable", "FEISHU_REFRESH_TOKEN=ur-abcdefgh", "ok", /^11 characters/],
  [
    "the whole answer",
    '{"access_token": "u-a", "refresh_token": "ur-abcdefgh", "expires_in": 7200}',
    "ok",
    /^11 characters/,
  ],
  [
    "the answer of an app token",
    '{"app_access_token": "t-a", "expires_in": 7200}',
    "fail",
    /^this is JSON without refresh_token$/,
  ],
  ["half a JWT", jwt({ exp: 1 }).slice(0, 30), "warn", /no known form/],
])("checkRefreshToken() knows %s", (_name, token, status, found) => {
  const check = checkRefreshToken(new Secret(token), NOW_MS);
  assert.equal(check.status, status);
  assert.match(check.found.en, found);
});
