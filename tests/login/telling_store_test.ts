import assert from "node:assert/strict";
import { TokenError } from "../../src/errors/token_error.ts";
import { tellingStore } from "../../src/login/telling_store.ts";
import { noLoginService } from "../../src/login/no_login_service.ts";
import { verbatim } from "../../src/errors/verbatim.ts";
import type { LoginService } from "../../src/ports/logins.ts";
import type { LoginOwner } from "../../src/ports/login_owner.ts";
import { TEST_CREDENTIALS } from "../mcp/memory_token_service.ts";
import { RecordingLog } from "../support/recording_log.ts";

/** The message of a call for a token, which fails with `error`. */
async function messageFor(owner: LoginOwner, error: TokenError): Promise<string> {
  const failing: LoginService = { ...noLoginService(), userToken: () => Promise.reject(error) };
  const service = tellingStore(failing, verbatim("/home/ann/tokens.kv"));
  const call = { log: new RecordingLog(), owner };
  const request = { minTtlMs: 0 };
  try {
    await service.userToken(TEST_CREDENTIALS, request, call);
  } catch (thrown) {
    assert(thrown instanceof TokenError);
    return thrown.message;
  }
  assert.fail("it did not fail");
}

Deno.test("tellingStore() tells the user of this machine the store in which nobody is logged in", async () => {
  assert.equal(
    await messageFor("local", new TokenError("not_logged_in")),
    "Nobody is logged in here as that user: the store is /home/ann/tokens.kv",
  );
  const detail = { en: "logged in are Bo", zh: "已登录的有 Bo" };
  assert.equal(
    await messageFor("local", new TokenError("not_logged_in", { detail })),
    "Nobody is logged in here as that user: logged in are Bo; the store is /home/ann/tokens.kv",
  );
});

Deno.test("tellingStore() tells no other caller, and of no other failure", async () => {
  const nobody = new TokenError("not_logged_in");
  assert.equal(await messageFor("key:bo", nobody), nobody.message);
  assert.equal(await messageFor("session", nobody), nobody.message);
  const other = new TokenError("user_ambiguous");
  assert.equal(await messageFor("local", other), other.message);
});
