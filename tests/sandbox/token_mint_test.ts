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
