import assert from "node:assert/strict";
import { errorCode } from "../clients/expected_answers.ts";
import { readiness, untilAway, untilReady } from "./readiness.ts";
import { callTool, getAppToken, refresh, userTokenIn } from "./tool_answer.ts";
import { World } from "./world.ts";

/** Nobody can delete an open file there. */
const ignore = Deno.build.os === "windows";

Deno.test({
  name:
    "main.ts whose store is deleted while it runs goes on with what it remembers, and so does the next start",
  ignore,
  async fn(): Promise<void> {
    await using world = await World.create();
    const server = await world.start();
    const url = await server.listens();
    const first = await world.feishu.logIn();
    const pair = await refresh(url, first);
    await Deno.remove(world.dataFolder, { recursive: true });
    assert.equal((await refresh(url, first)).refresh_token, pair.refresh_token);
    await server.says(/"event":"store file deleted, making it anew"/);
    await untilReady(url);
    // Another program would give the same answer, on the file that is there now.
    const other = await world.start();
    assert.equal((await refresh(await other.listens(), first)).refresh_token, pair.refresh_token);
    assert.deepEqual(await world.feishu.refreshes(), ["accepted"]);
  },
});

Deno.test({
  name:
    "main.ts whose store is replaced by another one says so, overwrites nothing, and goes on when it is back",
  ignore,
  async fn(): Promise<void> {
    await using world = await World.create();
    const otherStore = `${world.home}/other.kv`;
    const maker = await world.start({ args: ["--kv", otherStore] });
    await maker.listens();
    maker.kill("SIGTERM");
    await maker.end();

    const server = await world.start();
    const url = await server.listens();
    const [first, unknown] = [await world.feishu.logIn(), await world.feishu.logIn()];
    const pair = await refresh(url, first);
    const { app_access_token } = await getAppToken(url);
    const store = `${world.dataFolder}/tokens.kv`;
    await Deno.rename(store, `${store}.aside`);
    await Deno.rename(otherStore, store);
    const before = await Deno.readFile(store);

    const served = await callTool(url, "refresh_feishu_user_token", { refresh_token: first });
    assert.equal(userTokenIn(served).refresh_token, pair.refresh_token);
    assert.match(JSON.stringify(served), /"warning":"The token store does not answer/);
    assert.equal((await getAppToken(url)).app_access_token, app_access_token);
    const refused = await callTool(url, "refresh_feishu_user_token", { refresh_token: unknown });
    assert.equal(errorCode(refused), "store_unavailable");
    assert.match(await server.says(/"event":"store file cannot be used"[^\n]+/), /made with the key/);
    // The probe behind this answer has tried to write as well.
    await untilAway(url);
    assert.deepEqual(await Deno.readFile(store), before);

    await Deno.rename(store, otherStore);
    await Deno.rename(`${store}.aside`, store);
    await untilReady(url);
    const again = await callTool(url, "refresh_feishu_user_token", { refresh_token: first });
    assert.equal(userTokenIn(again).refresh_token, pair.refresh_token);
    assert.doesNotMatch(JSON.stringify(again), /warning/);
    assert.deepEqual(await world.feishu.refreshes(), ["accepted"]);
  },
});

/** Sets how large a file may become that the process `pid` writes: with 0 it can write none, as on a full disk. */
async function limitFiles(pid: number, bytes: "0" | "unlimited"): Promise<void> {
  const { success } = await new Deno.Command("prlimit", {
    args: ["--pid", String(pid), `--fsize=${bytes}:unlimited`],
  }).output();
  assert.ok(success);
}

async function hasPrlimit(): Promise<boolean> {
  if (Deno.build.os !== "linux") return false;
  return await new Deno.Command("prlimit", { args: ["--version"] }).output()
    .then(({ success }) => success, () => false);
}

Deno.test({
  name:
    "main.ts that can write no file any more hands out what Feishu issued, warns, and stores it as soon as it can",
  ignore: !await hasPrlimit(),
  async fn(): Promise<void> {
    await using world = await World.create();
    const server = await world.start({
      // The signal that the limit sends would end it; a disk that is full sends none.
      wrapper: ["bash", "-c", 'trap "" XFSZ; exec "$@"', "bash"],
    });
    const url = await server.listens();
    const [first, unspent] = [await world.feishu.logIn(), await world.feishu.logIn()];
    await world.feishu.faultNextRefresh({ kind: "hang" });
    const answered = callTool(url, "refresh_feishu_user_token", { refresh_token: first });
    await world.feishu.until(1, "pending");
    await limitFiles(server.pid, "0");
    await world.feishu.clearFaults();
    const result = await answered;
    const pair = userTokenIn(result);
    assert.match(JSON.stringify(result), /this pair could not be kept/);
    await server.says(/"level":"error","event":"journal not written"/);

    const refused = await callTool(url, "refresh_feishu_user_token", { refresh_token: unspent });
    assert.equal(errorCode(refused), "store_unavailable");
    assert.match((await getAppToken(url)).app_access_token, /^t-/);
    assert.equal((await readiness(url)).status, 503);

    await limitFiles(server.pid, "unlimited");
    await server.says(/"event":"token stored after all"/);
    await untilReady(url);
    server.kill("SIGKILL");
    await server.end();
    const restarted = await world.start();
    assert.equal((await refresh(await restarted.listens(), first)).refresh_token, pair.refresh_token);
    assert.deepEqual(await world.feishu.refreshes(), ["accepted"]);
  },
});

Deno.test("main.ts whose journal cannot be written says so, and keeps the pair in the store", async () => {
  await using world = await World.create();
  const server = await world.start();
  const url = await server.listens();
  const journal = `${world.dataFolder}/tokens.kv.journal`;
  await Deno.remove(journal, { recursive: true });
  await Deno.writeTextFile(journal, "not a folder");
  // Anybody may ask that: it names no place of this machine, the log does.
  assert.equal((await readiness(url)).reason, "The journal of the token store cannot be written");
  await server.says(/"event":"not ready".*the journal [^"]*tokens\.kv\.journal cannot be written/);
  const first = await world.feishu.logIn();
  const pair = await refresh(url, first);
  await server.says(/"level":"error","event":"journal not written"/);
  assert.equal((await refresh(url, first)).refresh_token, pair.refresh_token);

  await Deno.remove(journal);
  await untilReady(url);
  const next = await refresh(url, pair.refresh_token);
  assert.notEqual(next.refresh_token, pair.refresh_token);
});
