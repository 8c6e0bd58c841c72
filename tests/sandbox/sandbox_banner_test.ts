import assert from "node:assert/strict";
import { DEFAULT_SANDBOX_APP, SANDBOX_APPS } from "../../src/sandbox/sandbox_apps.ts";
import { sandboxBanner } from "../../src/sandbox/sandbox_banner.ts";

Deno.test("sandboxBanner() gives the line that scripts read", () => {
  assert.equal(
    sandboxBanner("http://127.0.0.1:8082"),
    "sandbox http://127.0.0.1:8082 app_id=cli_5a4db0c000000001 app_secret=sandboxSecretThatOpensNothing001",
  );
});

Deno.test("SANDBOX_APPS has app ids and secrets in Feishu's shape, the default app first", () => {
  assert.equal(SANDBOX_APPS[0], DEFAULT_SANDBOX_APP);
  for (const { appId, appSecret } of SANDBOX_APPS) {
    assert.match(appId, /^cli_[0-9a-f]{16}$/);
    assert.match(appSecret, /^[A-Za-z0-9]{32}$/);
  }
});
