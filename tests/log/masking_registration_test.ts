import assert from "node:assert/strict";
import { Mask } from "../../src/log/mask.ts";
import { maskingRegistration } from "../../src/log/masking_registration.ts";
import { Secret } from "../../src/secret.ts";

Deno.test("maskingRegistration() makes known the code that fetches an app, and the app's secret", async () => {
  const mask = new Mask();
  const registration = {
    ...{ deviceCode: new Secret("planted code"), userCode: "A", pageUrl: "https://a.invalid" },
    ...{ expiresAtMs: 1, intervalMs: 1 },
  };
  const app = { appId: "cli_1", appSecret: new Secret("planted secret") };
  const port = maskingRegistration({
    startRegistration: () => Promise.resolve({ kind: "started", registration }),
    pollRegistration: () => Promise.resolve({ kind: "registered", app }),
  }, mask);
  await port.startRegistration({ brand: "feishu", name: "a", scopes: [], timeoutMs: 1 });
  const deviceCode = new Secret("planted other code");
  await port.pollRegistration({ brand: "feishu", deviceCode, intervalMs: 1, timeoutMs: 1 });
  assert.equal(
    mask.apply("planted code, planted secret, planted other code"),
    "[secret], [secret], [secret]",
  );
});
