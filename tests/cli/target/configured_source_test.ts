import assert from "node:assert/strict";
import { configuredSource } from "../../../src/cli/target/configured_source.ts";
import { TokenError } from "../../../src/errors/token_error.ts";
import { Secret } from "../../../src/secret.ts";

Deno.test("configuredSource() gives the pair when it is complete", () => {
  const credentials = { brand: "lark", appId: "cli_a1", appSecret: new Secret("planted") } as const;
  assert.equal(configuredSource({ kind: "complete", credentials })(), credentials);
});

Deno.test("configuredSource() fails only when it is asked, when nothing is configured", () => {
  const source = configuredSource({ kind: "missing" });
  assert.throws(source, (error) => error instanceof TokenError && error.code === "credentials_missing");
});

Deno.test.each(["FEISHU_APP_ID", "FEISHU_APP_SECRET"] as const)(
  "configuredSource() names the missing half when it is %s",
  (missing) => {
    assert.throws(configuredSource({ kind: "incomplete", missing }), (error) => {
      assert(error instanceof TokenError);
      assert.equal(error.code, "credentials_incomplete");
      assert.match(error.message, new RegExp(`: ${missing} is not set$`));
      return true;
    });
  },
);

Deno.test("configuredSource() fails with what is wrong when the pair cannot be one", () => {
  const credentials = { brand: "lark", appId: "planted", appSecret: new Secret("planted") } as const;
  const fault = { en: "FEISHU_APP_ID is a placeholder", zh: "占位符" };
  assert.throws(configuredSource({ kind: "malformed", credentials, fault }), (error) => {
    assert(error instanceof TokenError);
    assert.deepEqual([error.code, error.row.kind], ["credentials_malformed", "config"]);
    assert.match(error.message, /: FEISHU_APP_ID is a placeholder$/);
    return true;
  });
});

Deno.test.each(["missing", "incomplete"] as const)(
  "configuredSource() says where a pair that is %s may be",
  (kind) => {
    const hint = { en: "the .env is not read", zh: "未读取 .env" };
    assert.throws(
      configuredSource({ kind, missing: "FEISHU_APP_ID", hint }),
      (error) => error instanceof TokenError && error.message.endsWith("the .env is not read"),
    );
  },
);
