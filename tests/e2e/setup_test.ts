import assert from "node:assert/strict";
import { OfficialClient } from "../clients/official_client.ts";
import { PROGRAM_ARGS, PROGRAM_FOLDER } from "../clients/running_server.ts";
import { filesUnder } from "./files_under.ts";
import { python } from "./python.ts";
import { Terminal } from "./terminal.ts";
import { World } from "./world.ts";

Deno.test("an MCP client that setup has configured gets a token of the person who logged in, and no file has a secret", async () => {
  await using world = await World.create();
  const env = await world.bareEnv();
  const denoArgs = PROGRAM_ARGS.map((word) => word === "-P=serve" ? "-P=cli" : word);
  const args = ["setup", "--yes", "--client", "cursor", "--no-keep", "--sandbox-url", world.feishu.url];
  const { code, stdout, stderr } = await (await world.run(args, { env, denoArgs })).end();
  assert.equal(code, 0, stderr);
  assert.match(stdout, /A token of Ada/);

  const written = JSON.parse(await Deno.readTextFile(`${world.home}/.cursor/mcp.json`));
  const entry = written.mcpServers["feishu-token"];
  assert.ok(entry.args.includes("--app"), JSON.stringify(entry));
  await using client = await OfficialClient.overStdio({
    command: entry.command,
    args: entry.args,
    env: { ...env, ...entry.env },
    cwd: PROGRAM_FOLDER,
  });
  const result = await client.call("get_feishu_user_token");
  assert.notEqual(result.isError, true, JSON.stringify(result));
  const { access_token } = result.structuredContent as { access_token: string };
  for (const { path, bytes } of await filesUnder(world.home)) assert.ok(!bytes.includes(access_token), path);
});

Deno.test("a client that setup --sandbox has configured gets a token in a process of its own", async () => {
  await using world = await World.create();
  const env = await world.bareEnv();
  const denoArgs = PROGRAM_ARGS.map((word) => word === "-P=serve" ? "-P=cli" : word);
  const args = ["setup", "--sandbox", "--yes", "--client", "cursor"];
  const { code, stderr } = await (await world.run(args, { env, denoArgs })).end();
  assert.equal(code, 0, stderr);
  const entry =
    JSON.parse(await Deno.readTextFile(`${world.home}/.cursor/mcp.json`)).mcpServers["feishu-token"];
  assert.ok(entry.args.includes("--sandbox-state"), JSON.stringify(entry));
  await using client = await OfficialClient.overStdio({
    command: entry.command,
    args: entry.args,
    env: { ...env, ...entry.env },
    cwd: PROGRAM_FOLDER,
  });
  const result = await client.call("get_feishu_user_token");
  assert.notEqual(result.isError, true, JSON.stringify(result));
});

Deno.test("setup that is stopped by Ctrl+C at a question keeps the app and the login, and goes on from there", async () => {
  await using world = await World.create();
  const found = Deno.build.os === "windows" ? null : await python();
  if (found === null) return;
  const words = PROGRAM_ARGS.map((word) => word === "-P=serve" ? "-P=cli" : `"${word}"`);
  const rest = `setup --brand feishu --sandbox-url ${world.feishu.url}`;
  const typed = {
    command: `"${Deno.execPath()}" ${words.join(" ")} ${rest}`,
    env: await world.bareEnv(),
    cwd: PROGRAM_FOLDER,
    python: found,
  };
  {
    await using terminal = new Terminal(typed);
    await terminal.shows(/or use an app of yours/);
    await terminal.type("1\n");
    await terminal.shows(/Which client/);
    await terminal.interrupt();
    assert.equal(await terminal.exitCode(), 130, terminal.text);
    assert.match(terminal.text, /what is done is kept/);
  }
  await using again = new Terminal(typed);
  await again.shows(/is kept already, and works[^]*is logged in already[^]*Which client/);
  await again.type("\nn\n");
  assert.equal(await again.exitCode(), 0, again.text);
  assert.match(again.text, /A token of Ada/);
});
