import assert from "node:assert/strict";
import { knownAccessToken } from "../../src/credentials/known_access_token.ts";

function jwt(claims: unknown): string {
  const part = (value: unknown): string => btoa(JSON.stringify(value)).replaceAll("=", "");
  return `${part({ alg: "ES256", typ: "JWT" })}.${part(claims)}.c2ln`;
}

Deno.test.each([
  ["u-abc", /^a user access token$/],
  ["t-g1044ABC", /^an app or tenant access token$/],
  ["a-abc", /^an app access token$/],
  [jwt({ typ: "access_token", exp: 1 }), /^a user access token$/],
])("knownAccessToken() knows %s", (token, what) => {
  assert.match(knownAccessToken(token)?.en ?? "", what);
});

Deno.test.each([
  "ur-abc",
  "eyJhbGciOiJFUzI1NiJ9",
  jwt({ typ: "refresh_token" }),
  jwt({ typ: "JWT" }),
  jwt({}),
  jwt(null),
  jwt(["access_token"]),
  "a.b.c",
  "access_token",
  "",
])("knownAccessToken() is not certain of %s", (token) => {
  assert.equal(knownAccessToken(token), undefined);
});
