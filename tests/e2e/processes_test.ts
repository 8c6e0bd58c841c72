import assert from "node:assert/strict";
import { OfficialClient } from "../clients/official_client.ts";
import { PROGRAM_ARGS } from "../clients/running_server.ts";
import { appTokenIn, replacementIn, userTokenIn } from "./tool_answer.ts";
import { World } from "./world.ts";

const SLOW_MS = 200;

/** A client that has started a server of its own, as an MCP host does. */
async function overStdio(world: World): Promise<OfficialClient> {
  return await OfficialClient.overStdio({
    command: Deno.execPath(),
    args: [...PROGRAM_ARGS, "--stdio"],
    env: await world.env(),
    cwd: "/",
  });
}

Deno.test("two main.ts --stdio on the default store spend one refresh token once, and answer the same", async () => {
  await using world = await World.create();
  await using one = await overStdio(world);
  await using other = await overStdio(world);
  for (let round = 1; round <= 3; round++) {
    const first = await world.feishu.logIn();
    await world.feishu.faultNextRefresh({ kind: "slow", ms: SLOW_MS });
    const results = await Promise.all(
      [one, other].map((client) => client.call("refresh_feishu_user_token", { refresh_token: first })),
    );
    const [a, b] = results.map(userTokenIn);
    assert.equal(a?.refresh_token, b?.refresh_token);
    assert.equal(a?.access_token, b?.access_token);
    assert.deepEqual((await world.feishu.refreshes()).slice(round - 1), ["accepted"]);
  }
});

Deno.test("a main.ts --stdio stopped while it presents a refresh token does no harm when it goes on after its lease", async () => {
  await using world = await World.create();
  await using one = await overStdio(world);
  await using other = await overStdio(world);
  const ask = async (client: OfficialClient): Promise<Record<string, unknown>> =>
    userTokenIn(await client.call("refresh_feishu_user_token", { refresh_token: first }));
  const first = await world.feishu.logIn();
  await world.feishu.faultNextRefresh({ kind: "hang" });
  const late = ask(one);
  await world.feishu.until(1, "pending");
  one.signal("SIGSTOP");
  // Takes one life of a lease: whether a process that lives will go on, nobody can tell.
  const { refresh_token, access_token } = await ask(other);
  assert.deepEqual(await world.feishu.refreshes(), ["pending", "accepted"]);
  await world.feishu.clearFaults();
  one.signal("SIGCONT");
  assert.equal((await late).refresh_token, refresh_token);
  for (const client of [one, other]) {
    const again = await ask(client);
    assert.deepEqual([again.refresh_token, again.access_token], [refresh_token, access_token]);
  }
  assert.equal((await world.feishu.refreshes()).filter((outcome) => outcome === "accepted").length, 1);
});

Deno.test("two main.ts on the default store, one over HTTP, ask Feishu once about a token that both report", async () => {
  await using world = await World.create();
  const server = await world.start();
  await using one = await OfficialClient.overHttp(await server.listens());
  await using other = await overStdio(world);
  const { app_access_token: token } = appTokenIn(await one.call("get_feishu_app_token"));
  assert.equal(appTokenIn(await other.call("get_feishu_app_token")).app_access_token, token);
  await world.feishu.revoke(token);
  await world.feishu.slowNextAppToken(SLOW_MS);
  const results = await Promise.all(
    [one, one, other, other].map((client) =>
      client.call("report_feishu_token_rejected", { token, feishu_code: 99991663 })
    ),
  );
  const replaced = results.map(replacementIn);
  assert.equal(new Set(replaced.map(({ access_token }) => access_token)).size, 1);
  assert.notEqual(replaced[0]?.access_token, token);
  assert.equal(await world.feishu.appTokenCalls(), 2);
});
