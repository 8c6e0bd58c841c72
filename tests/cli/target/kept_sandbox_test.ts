import assert from "node:assert/strict";
import { type CommandEnd, CommandHome } from "../token/token_platform.ts";

/** Runs a command on the simulated Feishu of a file. */
async function run(home: CommandHome, args: readonly string[], aheadMs = 0): Promise<CommandEnd> {
  const state = ["--sandbox-state", `${home.path}/state.json`];
  return await home.run([...args, ...state], { aheadMs, env: { PATH: Deno.env.get("PATH") ?? "" } });
}

Deno.test("`setup` on a kept sandbox leaves a login that works in later processes, and is renewed there", async () => {
  await using home = await CommandHome.make();
  const first = await run(home, ["setup", "--yes"]);
  assert.equal(first.exitCode, 0, first.stderr);
  const token = await run(home, ["token", "user"]);
  assert.equal(token.exitCode, 0, token.stderr);
  const later = await run(home, ["token", "user"], 2 * 3_600_000);
  assert.equal(later.exitCode, 0, later.stderr);
  assert.notEqual(later.stdout, token.stdout);
  const { mode } = await Deno.stat(`${home.path}/state.json`);
  assert.equal((mode ?? 0) & 0o777, 0o600);
});

Deno.test("the records of a kept sandbox are named by its id, so that another one does not meet them", async () => {
  await using home = await CommandHome.make();
  assert.equal((await run(home, ["setup", "--yes"])).exitCode, 0);
  const other = ["--sandbox-state", `${home.path}/other.json`];
  const { stdout } = await home.run(["status", "--json", ...other]);
  assert.deepEqual(JSON.parse(stdout), { logins: [], renewed_by: [] });
});

Deno.test("a state that cannot be read is never overwritten", async () => {
  await using home = await CommandHome.make();
  await Deno.writeTextFile(`${home.path}/state.json`, "not a state");
  const { exitCode, stderr } = await run(home, ["token", "app"]);
  assert.notEqual(exitCode, 0);
  assert.match(stderr, /The sandbox's state cannot be read or written/);
  assert.equal(await Deno.readTextFile(`${home.path}/state.json`), "not a state");
});
