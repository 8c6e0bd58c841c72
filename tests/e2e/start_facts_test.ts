import assert from "node:assert/strict";
import { World } from "./world.ts";

/** The fields of the only line of `event` in what a program has logged. */
function fieldsOf(event: string, stderr: string): Record<string, unknown> {
  const lines = stderr.split("\n").filter((line) => line.includes(`"event":"${event}"`));
  assert.equal(lines.length, 1, stderr);
  const { time: _time, level: _level, event: _event, ...fields } = JSON.parse(lines[0] ?? "");
  return fields;
}

const APP = { FEISHU_APP_ID: "cli_a1b2c3d4e5f6a7b8", FEISHU_APP_SECRET: "plantedSecret" };

Deno.test.each([[[]], [["start"]], [["serve"]]])(
  "main.ts %j says which app, brand and store it serves",
  async (words) => {
    await using world = await World.create();
    const kv = `${world.home}/tokens.kv`;
    const server = await world.start({
      env: { ...await world.bareEnv(), ...APP, FEISHU_BRAND: "lark" },
      args: [...words, "--kv", kv],
    });
    const url = await server.listens();
    const brand = "lark";
    assert.deepEqual(fieldsOf("serving", server.stderr), {
      app_id: APP.FEISHU_APP_ID,
      brand,
      store: kv,
      sandbox: false,
    });
    assert.equal(fieldsOf("listening", server.stderr)["page"], new URL("/", url).href);
    assert.doesNotMatch(server.stderr, /planted/);
  },
);

Deno.test("main.ts says that it serves a sandbox, by the app id that this prints", async () => {
  await using world = await World.create();
  const server = await world.start({
    env: await world.bareEnv(),
    args: ["--sandbox", "--sandbox-port", "0"],
  });
  const page = await fetch(new URL("/", await server.listens()));
  const { app_id, store, sandbox } = fieldsOf("serving", server.stderr);
  assert.deepEqual([app_id, store], ["cli_5a4db0c000000001", "in memory"]);
  assert.match(server.stderr, new RegExp(`^sandbox ${sandbox} app_id=${app_id} `, "m"));
  const text = await page.text();
  assert.ok(
    text.includes("its tokens work nowhere else") && text.includes("<code>cli_5a4db0c000000001</code>"),
  );
});

Deno.test("main.ts names no app where it has none, and none that may be a secret", async () => {
  await using world = await World.create();
  for (const env of [{}, { FEISHU_APP_ID: "plantedSecret", FEISHU_APP_SECRET: "cli_a1b2c3d4e5f6a7b8" }]) {
    const server = await world.start({ env: { ...await world.bareEnv(), ...env } });
    await server.listens();
    assert.doesNotMatch(server.stderr, /planted|a1b2c3/);
    server.kill("SIGTERM");
    await server.end();
  }
});

Deno.test("main.ts --stdio says the same of itself", async () => {
  await using world = await World.create();
  const server = await world.start({
    env: { ...await world.bareEnv(), ...APP },
    args: ["--stdio", "--kv", ":memory:"],
  });
  const { stderr } = await server.end();
  const { app_id, brand, store, sandbox } = fieldsOf(
    "serving one MCP client on standard input and output",
    stderr,
  );
  assert.deepEqual([app_id, brand, store, sandbox], [APP.FEISHU_APP_ID, "feishu", "in memory", false]);
});
