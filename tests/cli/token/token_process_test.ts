import assert from "node:assert/strict";
import { childCommand } from "../../../harness/child_command.ts";
import { hostEnvironment } from "../../clients/host_environment.ts";
import { PROGRAM_ARGS } from "../../clients/running_server.ts";
import { ListeningSandbox } from "../../sandbox/served_sandbox.ts";
import { TempFolder } from "../../support/temp_folder.ts";
import { type CommandEnd, credentialsOf } from "./token_platform.ts";

/** Runs the program itself, as its tasks do. */
async function runProgram(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  stdin: string,
): Promise<CommandEnd> {
  const child = childCommand(Deno.execPath(), {
    args: [...PROGRAM_ARGS, ...args],
    env: { ...env },
    clearEnv: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(stdin));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { exitCode: code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

Deno.test("`token refresh` leaves the pair to the next process when its own has ended", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await TempFolder.make();
  const env = { ...await hostEnvironment(home.path), ...credentialsOf(sandbox) };
  // The sandbox's clock stands still long ago: by it, and not by this machine's, its tokens are good.
  sandbox.base.pass(Date.now() - sandbox.base.now());
  const refreshToken = await sandbox.logIn("v2");
  const args = ["token", "refresh", "--format", "json"];
  const first = await runProgram(args, env, `${refreshToken}\n`);
  const second = await runProgram(args, env, `${refreshToken}\n`);
  assert.deepEqual([first.exitCode, first.stderr], [0, ""]);
  assert.deepEqual([second.exitCode, second.stderr], [0, ""]);
  assert.equal(JSON.parse(second.stdout).refresh_token, JSON.parse(first.stdout).refresh_token);
  assert.equal((await sandbox.outcomes()).filter(([outcome]) => outcome === "accepted").length, 1);
});

Deno.test("`doctor` names a dead proxy in a process of its own", async () => {
  await using home = await TempFolder.make();
  const env = {
    ...await hostEnvironment(home.path),
    FEISHU_APP_ID: "cli_made_up",
    FEISHU_APP_SECRET: "made-up",
    HTTPS_PROXY: "http://127.0.0.1:9",
  };
  const { exitCode, stdout } = await runProgram(["doctor"], env, "");
  assert.equal(exitCode, 1);
  assert.match(
    stdout,
    /^FAIL {2}proxy: http:\/\/127\.0\.0\.1:9 \(HTTPS_PROXY\) .*: nothing listens there\./m,
  );
  assert.equal(stdout.match(/^FAIL/gm)?.length, 1);
});
