import assert from "node:assert/strict";
import { type Asked, AskedSandbox, dataOf, PATHS } from "./asked_sandbox.ts";

function get(sandbox: AskedSandbox, path: string, authorization?: string): Promise<Asked> {
  return sandbox.ask(
    path,
    "",
    authorization === undefined ? { method: "GET" } : { method: "GET", authorization },
  );
}

Deno.test("userInfo() tells who the user of a live token is", async () => {
  const sandbox = new AskedSandbox();
  const { accessToken, user } = await sandbox.logIn("v2");
  const asked = await get(sandbox, PATHS.userInfo, `Bearer ${accessToken}`);
  assert.deepEqual([asked.status, asked.json.code, asked.json.msg], [200, 0, "success"]);
  assert.equal(dataOf(asked).open_id, user.openId);
  assert.equal(dataOf(asked).email, undefined);
});

Deno.test("contactScopes() lists the app's users for a live tenant token", async () => {
  const sandbox = new AskedSandbox();
  const { user } = await sandbox.logIn("v2");
  const asked = await get(sandbox, PATHS.scopes, sandbox.appAuthorization());
  assert.deepEqual(dataOf(asked).user_ids, [user.openId]);
});

Deno.test.each([[PATHS.userInfo], [PATHS.scopes]])(
  "admit() refuses a call without Bearer token with 99991661 on %s",
  async (path) => {
    const sandbox = new AskedSandbox();
    for (
      const authorization of [undefined, sandbox.appAuthorization().replace("Bearer ", ""), "Basic eDp5"]
    ) {
      const asked = await get(sandbox, path, authorization);
      assert.deepEqual([asked.status, asked.json.code], [400, 99991661]);
    }
  },
);

Deno.test("admit() refuses unknown, expired and user tokens with 99991663 where tenant tokens are wanted", async () => {
  const sandbox = new AskedSandbox();
  const expired = sandbox.appAuthorization();
  sandbox.clock.advance(7_200_000);
  const { accessToken } = await sandbox.logIn("v2");
  for (const authorization of ["Bearer t-unknown", expired, `Bearer ${accessToken}`]) {
    const asked = await get(sandbox, PATHS.scopes, authorization);
    assert.deepEqual([asked.status, asked.json.code], [400, 99991663]);
  }
});

Deno.test("admit() refuses unknown and tenant tokens with 99991668 where user tokens are wanted", async () => {
  const sandbox = new AskedSandbox();
  for (const authorization of ["Bearer u-unknown", sandbox.appAuthorization()]) {
    const asked = await get(sandbox, PATHS.userInfo, authorization);
    assert.deepEqual([asked.status, asked.json.code], [400, 99991668]);
  }
});

Deno.test.each([["v1", 7140], ["oidc", 7199], ["v2", 7200], ["v3", 7200]] as const)(
  "admit() refuses a user token of %s with 99991677 after %i s",
  async (generation, lifeSeconds) => {
    const sandbox = new AskedSandbox();
    const { accessToken } = await sandbox.logIn(generation);
    sandbox.clock.advance(lifeSeconds * 1000 - 1);
    assert.equal((await get(sandbox, PATHS.userInfo, `Bearer ${accessToken}`)).json.code, 0);
    sandbox.clock.advance(1);
    const asked = await get(sandbox, PATHS.userInfo, `Bearer ${accessToken}`);
    assert.deepEqual([asked.status, asked.json.code], [400, 99991677]);
  },
);

Deno.test("admit() refuses a revoked user token with 99991668, as one that never was", async () => {
  const sandbox = new AskedSandbox();
  const { accessToken } = await sandbox.logIn("v2");
  sandbox.sandbox.accessTokens.revoke(accessToken);
  const asked = await get(sandbox, PATHS.userInfo, `Bearer ${accessToken}`);
  assert.deepEqual([asked.status, asked.json.code], [400, 99991668]);
});

Deno.test("admit() says no in the gateway's envelope with the log id", async () => {
  const asked = await get(new AskedSandbox(), PATHS.userInfo);
  assert.deepEqual(asked.json, {
    code: 99991661,
    msg: "Missing access token for authorization. Please make a request with token attached.",
    error: { log_id: "log-of-test" },
  });
});
