import assert from "node:assert/strict";
import { withNewSecret } from "../../src/apps/with_new_secret.ts";
import { TokenError } from "../../src/errors/token_error.ts";
import type { AppCredentials } from "../../src/ports/feishu.ts";
import { Secret } from "../../src/secret.ts";

const OLD: AppCredentials = { brand: "feishu", appId: "cli_work", appSecret: new Secret("old") };
const NEW: AppCredentials = { ...OLD, appSecret: new Secret("new") };

/** What `withNewSecret()` tried, where every secret but the new one is refused with `code`. */
async function tried(code: number, app: AppCredentials, newer = NEW): Promise<string[]> {
  const secrets: string[] = [];
  await withNewSecret(app, () => Promise.resolve(newer), ({ appSecret }) => {
    secrets.push(appSecret.reveal());
    if (appSecret.reveal() === "new") return Promise.resolve();
    return Promise.reject(new TokenError("credentials_refused", { feishuCode: code }));
  }).catch((error) => {
    assert.equal(error.code, "credentials_refused");
    secrets.push("refused");
  });
  return secrets;
}

for (const code of [10014, 20002]) {
  Deno.test(`\`withNewSecret()\` repeats the call with the newer secret after ${code}`, async () => {
    assert.deepEqual(await tried(code, OLD), ["old", "new"]);
  });
}

Deno.test("`withNewSecret()` repeats nothing after any other refusal", async () => {
  assert.deepEqual(await tried(10003, OLD), ["old", "refused"]);
});

Deno.test("`withNewSecret()` never gives a kept secret to a caller that brings its own", async () => {
  assert.deepEqual(await tried(10014, { ...OLD, isBrought: true }), ["old", "refused"]);
});

Deno.test("`withNewSecret()` repeats the call once", async () => {
  assert.deepEqual(await tried(10014, OLD, { ...OLD, appSecret: new Secret("as old") }), [
    "old",
    "as old",
    "refused",
  ]);
});
