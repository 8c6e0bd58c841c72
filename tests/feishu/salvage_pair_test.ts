import assert from "node:assert/strict";
import { salvagePair } from "../../src/feishu/salvage_pair.ts";
import { Secret } from "../../src/secret.ts";

const PRESENTED = new Secret("ur-presented");
const TOKENS = { access_token: "u-access", refresh_token: "ur-refresh" };
const PAIR = '"access_token":"u-access","refresh_token":"ur-refresh"';

Deno.test.each(
  [
    ["numbers", `{${PAIR},"expires_in":7200,"refresh_token_expires_in":604800,}`, {
      expires_in: "7200",
      refresh_token_expires_in: "604800",
    }],
    ["numbers in front", `[{"expires_in": 7200.5 ,"refresh_expires_in":9,${PAIR}}]`, {
      expires_in: "7200.5",
      refresh_expires_in: "9",
    }],
    ["text", `[{${PAIR},"expires_in":"7200"}]`, { expires_in: "7200" }],
    ["a number that may have lost its end", `[{${PAIR},"expires_in":72`, {}],
    ["a number with an exponent", `[{${PAIR},"expires_in":7e3}]`, {}],
    ["a negative number", `[{${PAIR},"expires_in":-1}]`, {}],
    ["no number", `[{${PAIR},"expires_in":NaN}]`, {}],
    ["type and scope", `[{"token_type" : "Bearer",${PAIR},"scope":"a b"}]`, {
      token_type: "Bearer",
      scope: "a b",
    }],
    ["a scope that was cut", `[{${PAIR},"scope":"a b`, {}],
  ] as const,
)("`salvagePair()` takes what stands beside the tokens, as far as it can be read: %s", (_, text, rest) => {
  assert.deepEqual(salvagePair(text, PRESENTED), { ...TOKENS, ...rest });
});

Deno.test("`salvagePair()` gives no pair the lifetime of another", () => {
  const older = '{"access_token":"u-older","refresh_token":"ur-older","expires_in":1}';
  assert.deepEqual(salvagePair(`[${older},{${PAIR},"expires_in":7200},NaN]`, PRESENTED), {
    ...TOKENS,
    expires_in: "7200",
  });
});

Deno.test("`salvagePair()` never puts the token that was presented in the place of its successor", () => {
  const echo = '"grant_type":"refresh_token","refresh_token":"ur-presented"';
  for (const text of [`{${echo}}{${PAIR}}`, `{${PAIR}}{${echo}}`, `{${echo},${PAIR}}`, `{${PAIR},${echo}}`]) {
    assert.deepEqual(salvagePair(text, PRESENTED), TOKENS);
  }
  assert.equal(salvagePair(`{"access_token":"u-access",${echo}}`, PRESENTED), undefined);
});

Deno.test("`salvagePair()` finds nothing in a text that only speaks of tokens", () => {
  assert.equal(salvagePair("the access_token and the refresh_token are missing", PRESENTED), undefined);
  assert.equal(salvagePair('{"missing":["access_token","refresh_token"]', PRESENTED), undefined);
});
