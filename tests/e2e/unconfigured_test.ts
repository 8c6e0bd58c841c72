import assert from "node:assert/strict";
import { errorCode, TOOL_NAMES } from "../clients/expected_answers.ts";
import { OfficialClient } from "../clients/official_client.ts";
import { DEFAULT_SANDBOX_APP } from "../../src/sandbox/sandbox_apps.ts";
import { appTokenIn, callTool } from "./tool_answer.ts";
import { World } from "./world.ts";

const { appId, appSecret } = DEFAULT_SANDBOX_APP;

Deno.test("main.ts serves without credentials, and says what to set and where", async () => {
  await using world = await World.create();
  const server = await world.start({ env: await world.bareEnv() });
  const url = await server.listens();
  const health = await fetch(new URL("/healthz", url));
  assert.equal(health.status, 200);
  await health.body?.cancel();
  await using client = await OfficialClient.overHttp(url);
  assert.deepEqual(await client.toolNames(), TOOL_NAMES);
  const result = await client.call("get_feishu_app_token");
  assert.equal(errorCode(result), "credentials_missing");
  // A caller over HTTP can send credentials of its own.
  assert.match(JSON.stringify(result.content), /X-Feishu-App-Id.*FEISHU_APP_ID/);
  const warning = await server.says(/.*"level":"warn".*/);
  assert.match(warning, /FEISHU_APP_ID and FEISHU_APP_SECRET \(developer console, .*--sandbox/);
});

Deno.test.each<[string, Record<string, string>, string]>([
  ["the secret is missing", { FEISHU_APP_ID: appId }, "FEISHU_APP_SECRET"],
  ["the id is missing", { FEISHU_APP_SECRET: appSecret }, "FEISHU_APP_ID"],
  ["the secret is blank", { FEISHU_APP_ID: appId, FEISHU_APP_SECRET: " \t " }, "FEISHU_APP_SECRET"],
  ["the id is empty", { FEISHU_APP_ID: "", FEISHU_APP_SECRET: appSecret }, "FEISHU_APP_ID"],
])("main.ts serves half a pair and names the missing half when %s", async (_case, half, missing) => {
  await using world = await World.create();
  const server = await world.start({ env: { ...await world.bareEnv(), ...half } });
  const result = await callTool(await server.listens(), "get_feishu_app_token");
  assert.equal(errorCode(result), "credentials_incomplete");
  assert.match(JSON.stringify(result), new RegExp(`${missing} is not set`));
  assert.match(server.stderr, new RegExp(`"level":"warn","event":"${missing} is not set`));
  assert.doesNotMatch(server.stderr, new RegExp(appSecret));
});

Deno.test("main.ts counts a pair of blanks as no pair", async () => {
  await using world = await World.create();
  const blank = { FEISHU_APP_ID: " ", FEISHU_APP_SECRET: "" };
  const server = await world.start({ env: { ...await world.bareEnv(), ...blank } });
  assert.equal(
    errorCode(await callTool(await server.listens(), "get_feishu_app_token")),
    "credentials_missing",
  );
});

Deno.test("main.ts takes credentials that were pasted with blanks around them", async () => {
  await using world = await World.create();
  const padded = { FEISHU_APP_ID: `  ${appId}\t`, FEISHU_APP_SECRET: ` ${appSecret}\r\n` };
  const server = await world.start({ env: { ...await world.env(), ...padded } });
  appTokenIn(await callTool(await server.listens(), "get_feishu_app_token"));
});

Deno.test("main.ts listens beyond loopback without credentials, when asked to or when forced to", async () => {
  await using world = await World.create();
  const asked = await world.start({ env: await world.bareEnv(), args: ["--host", "0.0.0.0"] });
  const forced = await world.start({
    env: { ...await world.bareEnv(), DENO_SERVE_ADDRESS: "tcp:0.0.0.0:0" },
    args: ["--kv", ":memory:"],
  });
  for (const server of [asked, forced]) {
    const url = await server.listens();
    // So it is printed where every address is listened on.
    assert.equal(new URL(url).hostname, "localhost");
    assert.equal(errorCode(await callTool(url, "get_feishu_app_token")), "credentials_missing");
  }
});
