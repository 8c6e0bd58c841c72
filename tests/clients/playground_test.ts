import assert from "node:assert/strict";
import { childCommand } from "../../harness/child_command.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { OfficialClient } from "./official_client.ts";
import { assertAppToken } from "./expected_answers.ts";
import { hostEnvironment } from "./host_environment.ts";
import { PROGRAM_FOLDER } from "./running_server.ts";

const ARGS = ["run", "--quiet", "--no-prompt", "-P=playground", `${PROGRAM_FOLDER}/main.ts`, "playground"];

Deno.test("playground serves the Inspector's page on a working server, and ends both", async () => {
  await using home = await TempFolder.make();
  const port = freePort();
  const options: Deno.CommandOptions = {
    args: [...ARGS, "--port", String(port)],
    env: await hostEnvironment(home.path),
    clearEnv: true,
    cwd: home.path,
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  };
  // Killed it would leave both of its own programs behind.
  const child = childCommand(Deno.execPath(), options, "TERM").spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("A refresh token to try")) {
    const { value, done } = await reader.read();
    assert(!done, text);
    text += value;
  }
  const address = new URL(/Open (http:\S+)/.exec(text)?.[1] ?? "");
  assert.match(await (await fetch(address)).text(), /<title>MCP Inspector<\/title>/);
  const endpoint = address.searchParams.get("serverUrl") ?? "";
  {
    await using client = await OfficialClient.overHttp(endpoint);
    assertAppToken(await client.call("get_feishu_app_token"));
  }

  child.kill("SIGINT");
  assert.equal((await child.status).code, 0);
  await reader.cancel();
  await assert.rejects(fetch(address.origin), TypeError);
  await assert.rejects(fetch(endpoint), TypeError);
});

Deno.test("playground says in one line that its port is taken", async () => {
  await using home = await TempFolder.make();
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { code, stderr } = await childCommand(Deno.execPath(), {
    args: [...ARGS, "--port", String(taken.addr.port)],
    env: await hostEnvironment(home.path),
    clearEnv: true,
    stdin: "null",
  }).output();
  assert.equal(code, 2);
  assert.match(new TextDecoder().decode(stderr), /^feishu-token-mcp: MCP Inspector on port \d+ .*$/m);
});

Deno.test("playground refuses a port that the Inspector cannot take", async () => {
  await using home = await TempFolder.make();
  const { code, stderr } = await childCommand(Deno.execPath(), {
    args: [...ARGS, "--port", "0"],
    env: await hostEnvironment(home.path),
    clearEnv: true,
    stdin: "null",
  }).output();
  assert.equal(code, 2);
  assert.match(new TextDecoder().decode(stderr), /--port must be a port from 1 to 65535/);
});

/** The Inspector does not take port 0, which would be any that is free. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
