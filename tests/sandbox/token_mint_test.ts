import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { TokenMint } from "../../src/sandbox/token_mint.ts";
import { SeededRandom } from "./seeded_random.ts";

const CLAIMS = { appId: "cli_a", scope: "x", issuedAtMs: 1_700_000_000_000 };

Deno.test("TokenMint.tenantToken() gives t-g1044 and upper-case letters and digits", () => {
  assert.match(new TokenMint(new SeededRandom(1)).tenantToken(), /^t-g1044[A-Z0-9]{20,}$/);
});

Deno.test("TokenMint.code() gives at least 64 characters of the documented alphabet", () => {
  assert.match(new TokenMint(new SeededRandom(1)).code(), /^[A-Za-z0-9_-]{64,}$/);
});

Deno.test.each(["v1", "oidc"] as const)(
  "TokenMint.pair() gives u- and ur- tokens for %s",
  async (generation) => {
    const pair = await new TokenMint(new SeededRandom(1)).pair(generation, CLAIMS);
    assert.match(pair.accessToken, /^u-/);
    assert.match(pair.refreshToken, /^ur-/);
  },
);

Deno.test.each(["v2", "v3"] as const)(
  "TokenMint.pair() gives JWTs of 1 to 2 KB for %s",
  async (generation) => {
    const pair = await new TokenMint(new SeededRandom(1)).pair(generation, CLAIMS);
    for (const token of [pair.accessToken, pair.refreshToken]) {
      assert.match(token, /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/);
      assert(token.length > 1024 && token.length < 2048, `${token.length}`);
    }
  },
);

Deno.test("TokenMint.signed() gives a user token the claims of Feishu's, and no other", async () => {
  const authorization = { id: "7628961790512106443", atMs: 1_699_999_999_000 };
  const token = await new TokenMint(new SeededRandom(1)).signed("access_token", { ...CLAIMS, authorization });
  const [head, body] = token.split(".").slice(0, 2).map((part) =>
    JSON.parse(Buffer.from(part, "base64url").toString())
  );
  assert.deepEqual(Object.keys(head).sort(), ["alg", "feature_code", "kid", "typ"]);
  assert.equal(head.feature_code, "FeatureOAuthJWTSign_CN");
  for (const decimal of [head.kid, body.jti]) assert.match(decimal, /^\d{19}$/);
  const { jti: _, enc, session_extra, ...rest } = body;
  assert.deepEqual(rest, {
    iat: 1_700_000_000,
    exp: 1_700_007_200,
    ver: "v1",
    typ: "access_token",
    client_id: "cli_a",
    scope: "x",
    auth_id: "7628961790512106443",
    auth_time: 1_699_999_999,
    auth_exp: 1_699_999_999 + 31_536_000,
    unit: "sandbox",
    tenant_unit: "sandbox",
    opaque: true,
    enc_ver: "v1",
  });
  assert.equal(typeof enc, "string");
  assert.deepEqual(Object.keys(session_extra).sort(), [
    "dpop_thumbprint",
    "is_anonymous",
    "need_auth",
    "tenant_create_source",
    "valid_for_app_id",
  ]);
});

Deno.test("TokenMint.signed() says ES256 and carries a signature of 64 bytes", async () => {
  const token = await new TokenMint(new SeededRandom(1)).signed("access_token", CLAIMS);
  const [head = "", , signature = ""] = token.split(".");
  assert.equal(JSON.parse(Buffer.from(head, "base64url").toString()).alg, "ES256");
  assert.equal(Buffer.from(signature, "base64url").length, 64);
});

Deno.test("TokenMint.pair() never gives the same token twice", async () => {
  const mint = new TokenMint(new SeededRandom(1));
  const pairs = [await mint.pair("v2", CLAIMS), await mint.pair("v2", CLAIMS), await mint.pair("v1", CLAIMS)];
  assert.equal(new Set(pairs.flatMap((pair) => Object.values(pair))).size, 6);
});
