import assert from "node:assert/strict";
import { formatTokens } from "../../../src/cli/token/token_format.ts";

Deno.test("formatTokens() leaves out the refresh token when Feishu gave none", () => {
  assert.equal(formatTokens({ access_token: "u-1" }, "env"), "FEISHU_USER_ACCESS_TOKEN=u-1\n");
});

Deno.test.each([
  ["eyJh.eyJp.s_-g", "eyJh.eyJp.s_-g"],
  ["a b", "'a b'"],
  ["a$(id)", "'a$(id)'"],
  ["a'b", `'a'\\''b'`],
  ["a\nb", "'a\nb'"],
])("formatTokens() writes %j so that a shell reads it as it is", (token, written) => {
  assert.equal(formatTokens({ app_access_token: token }, "env"), `FEISHU_APP_ACCESS_TOKEN=${written}\n`);
});
