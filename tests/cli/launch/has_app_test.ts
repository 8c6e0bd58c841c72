import assert from "node:assert/strict";
import { DEFAULT_SANDBOX_APP } from "../../../src/sandbox/sandbox_apps.ts";
import { ListeningSandbox } from "../../sandbox/served_sandbox.ts";
import { CommandHome } from "../token/token_platform.ts";

const ignore = Deno.build.os !== "linux";
const INSTALL = ["install", "--client", "cursor", "--print"];
const NO_APP = /^feishu-token-mcp: No app credentials are set/;

Deno.test({
  name: "`install` and `keep --install` find a kept app, so that no warning and no refusal is in its way",
  ignore,
  async fn(): Promise<void> {
    await using sandbox = await ListeningSandbox.start();
    await using home = await CommandHome.make();
    const surroundings = { findTool: () => Promise.resolve(undefined) };
    assert.match((await home.run(INSTALL, surroundings)).stderr, NO_APP);
    assert.equal((await home.run(["keep", "--install"], surroundings)).exitCode, 3);
    // Neither has made a store.
    assert.deepEqual(await Array.fromAsync(Deno.readDir(home.path)), []);
    const { appId, appSecret } = DEFAULT_SANDBOX_APP;
    const add = ["app", "add", "work", "--app-id", appId, "--base-url", sandbox.url];
    assert.equal((await home.run(add, { stdin: appSecret })).exitCode, 0);
    assert.equal((await home.run(INSTALL, surroundings)).stderr, "");
    const { exitCode, stdout } = await home.run(["keep", "--install"], surroundings);
    assert.equal(exitCode, 0);
    assert.match(stdout, / keep\b/);
  },
});
