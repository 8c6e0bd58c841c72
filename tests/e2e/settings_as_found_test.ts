/** Settings as people have them: written for a shell that is not there, by Kubernetes, for another program. */

import assert from "node:assert/strict";
import { errorCode } from "../clients/expected_answers.ts";
import { DEFAULT_SANDBOX_APP } from "../../src/sandbox/sandbox_apps.ts";
import { appTokenIn, callTool } from "./tool_answer.ts";
import { World } from "./world.ts";

const { appId, appSecret } = DEFAULT_SANDBOX_APP;

async function namesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).toSorted();
}

Deno.test.each([
  "~/data/x.kv",
  "$HOME/data/x.kv",
  "${HOME}/data/x.kv",
  "${env:HOME}/data/x.kv",
  "%USERPROFILE%\\data\\x.kv",
])(
  "main.ts keeps its store in the home directory when --kv is %j, wherever it is started",
  async (kv) => {
    await using world = await World.create();
    const cwd = `${world.home}/work`;
    await Deno.mkdir(cwd);
    const server = await world.start({ args: ["--kv", kv], cwd });
    appTokenIn(await callTool(await server.listens(), "get_feishu_app_token"));
    assert.deepEqual(await namesIn(cwd), []);
    assert.ok((await namesIn(`${world.home}/data`)).includes("x.kv"));
  },
);

Deno.test.each(["${workspaceFolder}/x.kv", "%APPDATA%\\x.kv", "${env:DATA}/x.kv"])(
  "main.ts refuses --kv %j before it makes anything",
  async (kv) => {
    await using world = await World.create();
    const cwd = `${world.home}/work`;
    await Deno.mkdir(cwd);
    const { code, stderr } = await (await world.run(["--port", "0", "--kv", kv], { cwd })).end();
    assert.equal(code, 2);
    assert.match(
      stderr,
      /^feishu-token-mcp: The place of the token store has [^\n]+, which nothing has replaced: [^\n]+\n$/,
    );
    assert.ok(stderr.includes(kv.split(/[\\/]/)[0] ?? ""), stderr);
    assert.deepEqual(await namesIn(cwd), []);
  },
);

Deno.test("main.ts refuses to start beside a store that lies under the literal name, and tells how to move it", async () => {
  await using world = await World.create();
  const cwd = `${world.home}/work`;
  await Deno.mkdir(`${cwd}/~`, { recursive: true });
  const args = ["--port", "0", "--kv"];
  const old = await world.start({ args: ["--kv", "./~/x.kv"], cwd });
  appTokenIn(await callTool(await old.listens(), "get_feishu_app_token"));
  old.kill("SIGTERM");
  assert.equal(await old.exitCode(), 0);
  const { code, stderr } = await (await world.run([...args, "~/x.kv"], { cwd, env: await world.env() }))
    .end();
  assert.equal(code, 2);
  assert.match(
    stderr,
    new RegExp(`store at ${RegExp.escape(cwd)}/~/x\\.kv, and ~/x\\.kv means ${world.home}/x\\.kv`),
  );
  const [, command = "false"] = /move it: (.*)$/m.exec(stderr) ?? [];
  const moved = await new Deno.Command("sh", { args: ["-c", command] }).output();
  assert.equal(moved.code, 0, command);
  const server = await world.start({ args: ["--kv", "~/x.kv"], cwd });
  appTokenIn(await callTool(await server.listens(), "get_feishu_app_token"));
  assert.equal(await world.feishu.appTokenCalls(), 1);
});

Deno.test("main.ts --stdio warns of a relative store, and names where it is", async () => {
  await using world = await World.create();
  const server = await world.start({ isStdio: true, args: ["--kv", "x.kv"], cwd: world.home });
  const warning = await server.says(/.*"level":"warn".*/);
  assert.match(warning, new RegExp(`relative.*${RegExp.escape(world.home)}/x\\.kv`));
});

Deno.test("main.ts starts in a pod that Kubernetes has given the address of a Service called feishu-token", async () => {
  await using world = await World.create();
  const env = {
    ...await world.env(),
    FEISHU_TOKEN_PORT: "tcp://10.96.12.34:8081",
    FEISHU_TOKEN_SERVICE_HOST: "10.96.12.34",
    PORT: "0",
  };
  const server = await world.run([], { env });
  await server.listens();
  assert.match(
    server.stderr,
    /"level":"warn","event":"FEISHU_TOKEN_PORT holds an address, as Kubernetes sets it/,
  );
});

Deno.test("main.ts takes a file whose values Docker handed on with their quotation marks", async () => {
  await using world = await World.create();
  const env = { ...await world.env(), FEISHU_APP_ID: `"${appId}"`, FEISHU_APP_SECRET: `'${appSecret}'` };
  const server = await world.start({ env });
  appTokenIn(await callTool(await server.listens(), "get_feishu_app_token"));
  assert.match(
    server.stderr,
    /"event":"FEISHU_APP_SECRET: the quotation marks around the value were removed/,
  );
  assert.doesNotMatch(server.stderr, new RegExp(appSecret));
});

Deno.test("main.ts starts with a placeholder, and its tools say so without asking Feishu", async () => {
  await using world = await World.create();
  const env = { ...await world.bareEnv(), FEISHU_APP_ID: "${FEISHU_APP_ID}", FEISHU_APP_SECRET: "planted" };
  // Were Feishu asked, no proxy would answer.
  const server = await world.start({ env: { ...env, HTTPS_PROXY: "http://127.0.0.1:9" } });
  const result = await callTool(await server.listens(), "get_feishu_app_token");
  assert.equal(errorCode(result), "credentials_malformed");
  assert.match(server.stderr, /"level":"warn","event":"FEISHU_APP_ID is a placeholder/);
});

Deno.test.each(["~/my.env", "${HOME}/my.env"])(
  "main.ts --env-file takes %j for a file of the home directory",
  async (path) => {
    await using world = await World.create();
    const lines = [
      `FEISHU_APP_ID=${appId}`,
      `FEISHU_APP_SECRET=${appSecret}`,
      `FEISHU_BASE_URL=${world.feishu.url}`,
    ];
    await Deno.writeTextFile(`${world.home}/my.env`, lines.join("\n"));
    const server = await world.start({ env: await world.bareEnv(), args: ["--env-file", path] });
    appTokenIn(await callTool(await server.listens(), "get_feishu_app_token"));
  },
);

Deno.test("main.ts names the .env that lies in its folder unread, in its log and in its tools' errors", async () => {
  await using world = await World.create();
  await Deno.writeTextFile(`${world.home}/.env`, `FEISHU_APP_ID=${appId}\nFEISHU_APP_SECRET=${appSecret}\n`);
  const server = await world.start({ env: await world.bareEnv(), cwd: world.home });
  const result = await callTool(await server.listens(), "get_feishu_app_token");
  assert.equal(errorCode(result), "credentials_missing");
  assert.match(JSON.stringify(result), /--env-file \.env/);
  assert.match(server.stderr, /"level":"warn".*--env-file \.env/);
});

Deno.test.each([
  ["token app", ["token", "app"]],
  ["doctor", ["doctor"]],
])("main.ts %s names the .env that lies in its folder unread", async (_command, args) => {
  await using world = await World.create();
  await Deno.writeTextFile(`${world.home}/.env`, `FEISHU_APP_ID=${appId}\nFEISHU_APP_SECRET=${appSecret}\n`);
  const env = { ...await world.bareEnv(), HTTPS_PROXY: "http://127.0.0.1:9" };
  const { stdout, stderr } = await (await world.run(args, { env, cwd: world.home })).end();
  assert.match(
    stdout + stderr,
    /No Feishu app credentials are configured: the \.env in this folder.*--env-file \.env/,
  );
});

Deno.test("main.ts says nothing of a .env that holds no credentials", async () => {
  await using world = await World.create();
  await Deno.writeTextFile(`${world.home}/.env`, "FEISHU_APP_ID=\nFEISHU_APP_SECRET=\nOTHER=1\n");
  const server = await world.start({ env: await world.bareEnv(), cwd: world.home });
  await server.listens();
  assert.doesNotMatch(server.stderr, /--env-file/);
});

Deno.test.each([
  ["none", [], ["--allow-env", "--allow-read", "--allow-write", "--allow-net"]],
  ["those of variables alone", ["--allow-env"], ["--allow-read", "--allow-write", "--allow-net"]],
  ["all but writing", ["--allow-env", "--allow-read", "--allow-net"], ["--allow-write"]],
])(
  "main.ts names the permissions that are missing, and -P=serve, when it has %s",
  async (_case, given, missing) => {
    await using world = await World.create();
    const main = new URL("../../main.ts", import.meta.url).pathname;
    for (const command of [["--port", "0"], ["token", "app"]]) {
      const program = await world.run(command, {
        env: await world.env(),
        denoArgs: ["run", "--quiet", "--no-prompt", ...given, main],
      });
      const { code, stderr } = await program.end();
      assert.notEqual(code, 0);
      const lines = stderr.trimEnd().split("\n");
      assert.equal(lines.length, 1, stderr);
      assert.match(stderr, new RegExp(`not given the permissions that this needs: ${missing.join(", ")}; `));
      assert.match(stderr, /-P=serve/);
      assert.doesNotMatch(stderr, /HOME is not set/);
    }
  },
);

Deno.test("main.ts doctor names the permissions that are missing where the store cannot be found for want of them", async () => {
  await using world = await World.create();
  const main = new URL("../../main.ts", import.meta.url).pathname;
  const program = await world.run(["doctor"], { denoArgs: ["run", "--quiet", "--no-prompt", main] });
  const { stdout } = await program.end();
  assert.match(
    stdout,
    /^FAIL {2}store: Deno was not given the permissions that this needs: --allow-env, .*-P=serve/m,
  );
  assert.doesNotMatch(stdout, /HOME is not set/);
});
