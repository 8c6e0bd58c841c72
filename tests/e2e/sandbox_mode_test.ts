import assert from "node:assert/strict";
import { exists } from "./exists.ts";
import { SandboxControl } from "./sandbox_control.ts";
import { getAppToken } from "./tool_answer.ts";
import { World } from "./world.ts";

const BANNER =
  /^sandbox (http:\/\/127\.0\.0\.1:\d+) app_id=cli_5a4db0c000000001 app_secret=sandboxSecretThatOpensNothing001$/m;
const REAL_PAIR = { FEISHU_APP_ID: "cli_of_a_real_app", FEISHU_APP_SECRET: "plantedRealSecret" };
const TEN_MINUTES_S = 600;
/** What the calls of a test may take. */
const TOLERANCE_S = 20;

Deno.test("main.ts --sandbox uses the sandbox's app and one clock, and leaves nothing behind", async () => {
  await using world = await World.create();
  const server = await world.start({
    env: { ...await world.bareEnv(), ...REAL_PAIR },
    args: ["--sandbox", "--sandbox-port", "0"],
  });
  const url = await server.listens();
  const sandbox = new SandboxControl(await server.says(BANNER));
  await assertAges(url, sandbox);
  assertSetAside(server.stderr);
  assert.equal(await exists(world.dataFolder), false);
});

Deno.test("main.ts --sandbox-url does the same with a sandbox that is a program of its own, and has a file for it", async () => {
  await using world = await World.create();
  const alone = await world.run(["sandbox", "--port", "0"]);
  const sandbox = new SandboxControl(await alone.says(BANNER));
  const server = await world.start({
    env: { ...await world.bareEnv(), ...REAL_PAIR },
    args: ["--sandbox-url", sandbox.url],
  });
  await assertAges(await server.listens(), sandbox);
  assertSetAside(server.stderr);
  assert.deepEqual(await storesIn(world), [`sandbox-at-${new URL(sandbox.url).port}.kv`]);
  alone.kill("SIGTERM");
  const { code, stdout, stderr } = await alone.end();
  assert.deepEqual({ code, stdout, stderr: stderr.replace(BANNER, "").trim() }, {
    code: 0,
    stdout: "",
    stderr: "",
  });
});

Deno.test("main.ts --sandbox keeps its tokens where --kv says, and leaves the file of the real ones alone", async () => {
  await using world = await World.create();
  const real = `${world.home}/real.kv`;
  const server = await world.start({
    env: { ...await world.bareEnv(), FEISHU_TOKEN_KV: real },
    args: ["--sandbox", "--sandbox-port", "0", "--kv", `${world.home}/sandbox.kv`],
  });
  await getAppToken(await server.listens());
  assert.deepEqual([await exists(real), await exists(`${world.home}/sandbox.kv`)], [false, true]);
});

/** Ages `sandbox` and checks that what the server says of one token shrinks at once. */
async function assertAges(url: string, sandbox: SandboxControl): Promise<void> {
  const fresh = await getAppToken(url);
  await sandbox.advance(TEN_MINUTES_S);
  const aged = await getAppToken(url);
  assert.equal(aged.app_access_token, fresh.app_access_token);
  const shrunkS = fresh.expires_in - aged.expires_in;
  assert.ok(shrunkS >= TEN_MINUTES_S && shrunkS < TEN_MINUTES_S + TOLERANCE_S, `shrunk by ${shrunkS} s`);
}

function assertSetAside(stderr: string): void {
  const lines = stderr.split("\n").filter((line) => line.includes("FEISHU_APP_ID"));
  assert.equal(lines.length, 1, stderr);
  assert.match(lines[0] ?? "", /the sandbox's app is used; ignored: FEISHU_APP_ID, FEISHU_APP_SECRET/);
  assert.doesNotMatch(stderr, /plantedRealSecret|cli_of_a_real_app/);
}

async function storesIn(world: World): Promise<string[]> {
  const names = (await Array.fromAsync(Deno.readDir(world.dataFolder))).map(({ name }) => name);
  return names.filter((name) => name.endsWith(".kv"));
}

Deno.test("main.ts sandbox logs each call at debug, and nothing of it at info", async () => {
  await using world = await World.create();
  for (const [level, said] of [["debug", 1], ["info", 0]] as const) {
    const alone = await world.run(["sandbox", "--port", "0", "--log-level", level]);
    const { url } = new SandboxControl(await alone.says(BANNER));
    await (await fetch(`${url}/open-apis/contact/v3/scopes`)).text();
    alone.kill("SIGTERM");
    const { stderr } = await alone.end();
    assert.equal(stderr.split('"event":"sandbox call"').length - 1, said, stderr);
  }
});
