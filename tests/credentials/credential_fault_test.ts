import assert from "node:assert/strict";
import { credentialFault } from "../../src/credentials/credential_fault.ts";
import { SANDBOX_APPS } from "../../src/sandbox/sandbox_apps.ts";
import { inEnglish } from "../support/in_english.ts";

const ID = "cli_a1b2c3d4e5f6a7b8";
const SECRET = "plantedPlantedPlantedPlantedPl01";
const NAMES = { appId: "FEISHU_APP_ID", appSecret: "FEISHU_APP_SECRET" };

function faultOf(appId: string, appSecret: string): string {
  const fault = credentialFault({ appId, appSecret, names: NAMES });
  return fault === undefined ? "" : inEnglish([fault]).join();
}

Deno.test.each([
  [ID, SECRET],
  ["cli_a1b2", "made-up"],
  [`cli_${"a0".repeat(20)}`, "s"],
  ["cli_slkdjalasdkjasd", "12345678"],
  ["cli_made_up", "planted-app-secret"],
  // Whatever 32 letters spell, Feishu may have issued them.
  [ID, "yourPlaceholderReplaceExampleXxx"],
  ["cli_5a4db0c000000001", "sandboxSecretThatOpensNothing001"],
  ...SANDBOX_APPS.map(({ appId, appSecret }) => [appId, appSecret] as const),
])("credentialFault() finds nothing in the form of %j, %j", (appId, appSecret) => {
  assert.equal(faultOf(appId, appSecret), "");
});

Deno.test.each([
  ...["${FEISHU_APP_ID}", "$FEISHU_APP_ID", "%FEISHU_APP_ID%", "$env:FEISHU_APP_ID", "${env:APP_ID}"],
  ...["{{APP_ID}}", "<app id>", "<YOUR_APP_ID>", "[App ID]", "{app_id}", "${input:app-id}", "$(cat id)"],
  ...["cli_your_app_id", "cli_yourAppId", "cli_xxx", "cli_xxxxxxxxxxxxxxxx", "cli_a1b2xxxxxxxxxxxx", "cli_…"],
  ...["cli_...", "cli_****************", "cli_0000000000000000", "cli_app_id", "your_app_id", "APP_ID"],
  ...["cli_placeholder", "cli_replace_me", "cli_change_me", "YOUR-APP-ID", "cli_example123"],
])("credentialFault() knows the placeholder %j for an App ID", (appId) => {
  assert.equal(
    faultOf(appId, SECRET),
    "FEISHU_APP_ID is a placeholder: replace it with the app's App ID",
  );
});

Deno.test.each([
  ...["${FEISHU_APP_SECRET}", "$FEISHU_APP_SECRET", "%FEISHU_APP_SECRET%", "<app secret>", "<secret>"],
  ...["your_app_secret", "yourAppSecret", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "xxx", "…", "...", "********"],
  ...["app_secret", "change-me", "changeme", "{{ secret }}", "replace_with_secret", "secret", "App Secret"],
])("credentialFault() knows the placeholder %j for an App Secret", (appSecret) => {
  assert.equal(
    faultOf(ID, appSecret),
    "FEISHU_APP_SECRET is a placeholder: replace it with the app's App Secret",
  );
});

Deno.test.each([
  ["swapped values", SECRET, ID, "FEISHU_APP_ID and FEISHU_APP_SECRET are swapped"],
  ["swapped values of which one is short", "planted", "cli_a1b2", "are swapped"],
  ["an App ID twice", ID, ID, "FEISHU_APP_SECRET is an App ID"],
  ["typographic quotation marks around the id", `“${ID}”`, SECRET, "FEISHU_APP_ID has quotation marks in it"],
  ["typographic ones around the secret", ID, `‘${SECRET}’`, "FEISHU_APP_SECRET has quotation marks in it"],
  ["straight ones that were left", `"${ID}`, SECRET, "FEISHU_APP_ID has quotation marks in it"],
  ["straight ones within", ID, `planted"planted`, "FEISHU_APP_SECRET has quotation marks in it"],
  ["another prefix", "ou_a1b2c3d4", SECRET, "FEISHU_APP_ID is not an App ID"],
  ["an id that is too short", "cli_a1", SECRET, "FEISHU_APP_ID is not an App ID"],
  ["an id that is too long", `cli_${"a1".repeat(21)}`, SECRET, "FEISHU_APP_ID is not an App ID"],
  ["a dash", "cli_a1b2-c3", SECRET, "FEISHU_APP_ID is not an App ID"],
  ["a line of a file", `FEISHU_APP_ID=${ID}`, SECRET, "FEISHU_APP_ID is not an App ID"],
  ["a letter of another script", ID, "planté", "FEISHU_APP_SECRET has blanks or other characters"],
  ["a blank", ID, "planted planted", "FEISHU_APP_SECRET has blanks or other characters"],
])("credentialFault() refuses %s, without repeating it", (_case, appId, appSecret, problem) => {
  const fault = faultOf(appId, appSecret);
  assert.ok(fault.includes(problem), fault);
  assert.doesNotMatch(fault, /lanted|a1b2/);
});
