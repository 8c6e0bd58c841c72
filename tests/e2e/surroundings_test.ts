import assert from "node:assert/strict";
import { shownCommand } from "../../src/cli/command_line/shown_command.ts";
import { PROGRAM_FOLDER } from "../clients/running_server.ts";
import { getAppToken, refresh } from "./tool_answer.ts";
import { World } from "./world.ts";

/** Nothing listens there. */
const NOWHERE = "http://127.0.0.1:9";
const PROXY = { HTTP_PROXY: NOWHERE, HTTPS_PROXY: NOWHERE, ALL_PROXY: NOWHERE, http_proxy: NOWHERE };

Deno.test("main.ts reaches a Feishu on loopback when a proxy is set that does not work", async () => {
  await using world = await World.create();
  const server = await world.start({ env: { ...await world.env(), ...PROXY } });
  await getAppToken(await server.listens());
});

Deno.test.each<[string, (sandboxUrl: string) => readonly string[]]>([
  ["--sandbox", () => ["--sandbox", "--sandbox-port", "0"]],
  ["--sandbox-url", (sandboxUrl) => ["--sandbox-url", sandboxUrl]],
])("main.ts %s works when a proxy is set that does not", async (_flag, args) => {
  await using world = await World.create();
  const server = await world.start({
    env: { ...await world.bareEnv(), ...PROXY },
    args: args(world.feishu.url),
  });
  await getAppToken(await server.listens());
});

Deno.test("main.ts serves on when nobody reads its log any more", async () => {
  await using world = await World.create();
  const server = await world.start({ args: ["--log-level", "debug"] });
  const url = await server.listens();
  await server.closeStderr();
  const { app_access_token } = await getAppToken(url);
  assert.equal((await getAppToken(url)).app_access_token, app_access_token);
  server.kill("SIGTERM");
  assert.equal((await server.end()).code, 0);
});

Deno.test("main.ts started from another directory works with the permissions of its own tasks", async () => {
  await using world = await World.create();
  // Were this the file that counts, there would be no such set of permissions.
  await Deno.writeTextFile(`${world.home}/deno.json`, "{}");
  const server = await world.start({ cwd: world.home });
  const first = await world.feishu.logIn();
  const pair = await refresh(await server.listens(), first);
  assert.notEqual(pair.refresh_token, first);
});

Deno.test("main.ts demo shows only what worked, and leaves nothing in the home", async () => {
  await using world = await World.create();
  const demo = await world.run(["demo"], {
    denoArgs: ["run", "--quiet", "--no-prompt", "-P=demo", `${PROGRAM_FOLDER}/main.ts`],
  });
  const { code, stdout, stderr } = await demo.end();
  assert.equal(code, 0, stdout);
  assert.equal(stderr, "");
  const claims = stdout.split("\n").filter((line) => line.startsWith("  "));
  assert.ok(claims.length > 10, stdout);
  assert.deepEqual(claims.filter((claim) => !claim.startsWith("  ok  ")), []);
  const next = shownCommand(["doctor", "--env-file", ".env"]);
  assert.equal(stdout.slice(-next.length - 3), `: ${next}\n`);
  assert.deepEqual(await Array.fromAsync(Deno.readDir(world.home)), []);
});
