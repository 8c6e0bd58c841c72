import assert from "node:assert/strict";
import { shownAppId } from "../../src/credentials/shown_app_id.ts";

Deno.test.each(["cli_a1b2c3d4e5f6g7h8", "cli_sandbox000000001", "cli_test", `cli_${"a".repeat(40)}`])(
  "shownAppId() shows %s",
  (appId) => {
    assert.equal(shownAppId(appId), appId);
  },
);

Deno.test.each([
  "qPlantedSecretPlantedSecret00001",
  "",
  "cli_",
  "cli_abc",
  `cli_${"a".repeat(41)}`,
  "cli_planted-secret",
  "cli_a1b2c3d4\n",
  " cli_a1b2c3d4",
  "CLI_a1b2c3d4",
])("shownAppId() does not show %j", (appId) => {
  assert.equal(shownAppId(appId), "(not an app id)");
});
