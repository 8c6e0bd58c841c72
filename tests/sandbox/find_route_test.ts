import assert from "node:assert/strict";
import { AskedSandbox, PATHS } from "./asked_sandbox.ts";

Deno.test.each([
  ["POST", "/open-apis/auth/v3/nothing"],
  ["GET", PATHS.appToken],
  ["POST", PATHS.userInfo],
  ["GET", "/"],
])("findRoute() finds nothing, which is answered as plain text, for %s %s", async (method, path) => {
  const asked = await new AskedSandbox().ask(path, "{}", { method });
  assert.equal(asked.status, 404);
  assert.match(asked.contentType, /^text\/plain/);
  assert.equal(asked.text, "404 page not found");
});
