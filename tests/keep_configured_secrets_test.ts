import assert from "node:assert/strict";
import type { Config } from "../src/config.ts";
import { keepConfiguredSecrets } from "../src/keep_configured_secrets.ts";
import { Mask } from "../src/log/mask.ts";
import { Secret } from "../src/secret.ts";

/** What a text of all parts looks like when the secrets of an app with that id and secret are kept. */
function masked(appId: string, appSecret: string): string {
  const config: Pick<Config, "serverKey" | "callerKeys" | "credentials"> = {
    serverKey: new Secret("firstServerKey0000000001,secondServerKey000000002"),
    callerKeys: [{ name: "alice", key: new Secret("firstCallerKey00000000000000000001") }],
    credentials: {
      kind: "complete",
      credentials: { brand: "feishu", appId, appSecret: new Secret(appSecret) },
    },
  };
  const mask = new Mask();
  keepConfiguredSecrets(mask, config);
  return mask.apply(
    `${appId} ${appSecret} firstServerKey0000000001 secondServerKey000000002 firstCallerKey00000000000000000001`,
  );
}

Deno.test("keepConfiguredSecrets() keeps the app secret, each server key and each key of a caller", () => {
  const text = masked("cli_a1b2c3d4e5f6g7h8", "qPlantedSecretPlantedSecret00001");
  assert.match(text, /cli_a1b2c3d4e5f6g7h8/);
  assert.doesNotMatch(text, /Planted|ServerKey|CallerKey/);
});

Deno.test("keepConfiguredSecrets() keeps an App ID that is the exchanged App Secret", () => {
  assert.doesNotMatch(masked("qPlantedSecretPlantedSecret00001", "cli_a1b2c3d4e5f6g7h8"), /Planted/);
});
