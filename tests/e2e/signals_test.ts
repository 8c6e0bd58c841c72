import assert from "node:assert/strict";
import { toolCall } from "../mcp/test_server.ts";
import { handled } from "./handled.ts";
import type { Program } from "./program.ts";
import { getAppToken, refresh, userTokenIn } from "./tool_answer.ts";
import { World } from "./world.ts";

const SIGNALS: Deno.Signal[] = ["SIGTERM", "SIGINT", "SIGHUP"];

Deno.test.each(SIGNALS)("main.ts over HTTP ends with 0 at %s", async (signal) => {
  await using world = await World.create();
  const server = await world.start();
  await getAppToken(await server.listens());
  server.kill(signal);
  const { code, stdout, stderr } = await server.end();
  assert.deepEqual({ code, stdout }, { code: 0, stdout: "" });
  assert.match(stderr, /"event":"stopping/);
});

Deno.test.each(SIGNALS)("main.ts over stdio ends with 0 at %s", async (signal) => {
  await using world = await World.create();
  const server = await world.start({ isStdio: true });
  await server.says(/serving one MCP client/);
  server.kill(signal);
  assert.equal((await server.end()).code, 0);
});

Deno.test.each(SIGNALS)(
  "main.ts over HTTP finishes a renewal in flight at %s, and it is kept",
  async (signal) => {
    await using world = await World.create();
    const first = await world.feishu.logIn();
    await world.feishu.faultNextRefresh({ kind: "hang" });
    const server = await world.start();
    const answered = handled(refresh(await server.listens(), first));
    await world.feishu.until(1, "pending");
    server.kill(signal);
    await server.says(/"event":"stopping/);
    await world.feishu.clearFaults();
    assert.equal((await server.end()).code, 0);
    const pair = await answered;

    const restarted = await world.start();
    const again = await refresh(await restarted.listens(), first);
    assert.deepEqual([again.refresh_token, again.replayed], [pair.refresh_token, true]);
    assert.deepEqual(await world.feishu.refreshes(), ["accepted"]);
  },
);

Deno.test("main.ts over stdio finishes a renewal in flight at SIGTERM, and it is kept", async () => {
  await using world = await World.create();
  const first = await world.feishu.logIn();
  await world.feishu.faultNextRefresh({ kind: "hang" });
  const server = await world.start({ isStdio: true });
  await server.send(toolCall("refresh_feishu_user_token", { refresh_token: first }));
  await world.feishu.until(1, "pending");
  server.kill("SIGTERM");
  await server.says(/"event":"stopping/);
  await world.feishu.clearFaults();
  const { code, stdout } = await server.end();
  assert.equal(code, 0);
  const pair = userTokenIn(JSON.parse(stdout).result);

  const restarted = await world.start();
  const again = await refresh(await restarted.listens(), first);
  assert.deepEqual([again.refresh_token, again.replayed], [pair.refresh_token, true]);
  assert.deepEqual(await world.feishu.refreshes(), ["accepted"]);
});

const TRANSPORTS: [string, boolean][] = [["HTTP", false], ["stdio", true]];

/** A server with a refresh that hangs at Feishu. */
async function startedRefresh(
  world: World,
  isStdio: boolean,
): Promise<{ readonly server: Program; readonly first: string; readonly answered: Promise<unknown> }> {
  const first = await world.feishu.logIn();
  await world.feishu.faultNextRefresh({ kind: "hang" });
  const server = await world.start({ isStdio });
  const answered = isStdio
    ? server.send(toolCall("refresh_feishu_user_token", { refresh_token: first }))
    : handled(refresh(await server.listens(), first));
  await world.feishu.until(1, "pending");
  return { server, first, answered };
}

Deno.test.each(TRANSPORTS)(
  "main.ts over %s takes the signals of a second for one, and loses nothing",
  async (_transport, isStdio) => {
    await using world = await World.create();
    const { server, first, answered } = await startedRefresh(world, isStdio);
    // Of several kinds: the second of one kind would be lost if it came before the first was taken note of.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) server.kill(signal);
    await server.says(/"event":"stopping/);
    await world.feishu.clearFaults();
    assert.equal((await server.end()).code, 0);
    await answered;
    const restarted = await world.start();
    assert.equal((await refresh(await restarted.listens(), first)).replayed, true);
    assert.deepEqual(await world.feishu.refreshes(), ["accepted"]);
  },
);

Deno.test.each(TRANSPORTS)(
  "main.ts over %s leaves with 130 at a later signal, whatever is in flight, and says what that costs",
  async (_transport, isStdio) => {
    await using world = await World.create();
    const { server, answered } = await startedRefresh(world, isStdio);
    const { code, stderr } = await server.endsWhileSent("SIGINT");
    assert.equal(code, 130);
    assert.match(
      stderr,
      /"level":"error","event":"ended by a second signal: a renewal that was in flight may be lost/,
    );
    if (!isStdio) await assert.rejects(answered);
  },
);

Deno.test("main.ts finishes and keeps a renewal whose caller hangs up", async () => {
  await using world = await World.create();
  const { server, refreshToken } = await abandonedRefresh(world);
  await world.feishu.clearFaults();
  await world.feishu.until(1, "accepted");
  const url = await server.listens();
  // A caller that comes before the answer is kept shares the renewal.
  const pair = await refresh(url, refreshToken);
  assert.notEqual(pair.refresh_token, refreshToken);
  const again = await refresh(url, refreshToken);
  assert.deepEqual([again.refresh_token, again.replayed], [pair.refresh_token, true]);
  assert.deepEqual(await world.feishu.refreshes(), ["accepted"]);
});

Deno.test("main.ts finishes and keeps a renewal whose caller has hung up when SIGTERM comes", async () => {
  await using world = await World.create();
  const { server, refreshToken } = await abandonedRefresh(world);
  server.kill("SIGTERM");
  await server.says(/"event":"stopping/);
  await world.feishu.clearFaults();
  assert.equal((await server.end()).code, 0);

  const restarted = await world.start();
  assert.equal((await refresh(await restarted.listens(), refreshToken)).replayed, true);
  assert.deepEqual(await world.feishu.refreshes(), ["accepted"]);
});

/** A server of which a caller has wanted a refresh, which hangs at Feishu, and has left, which the server knows. */
async function abandonedRefresh(
  world: World,
): Promise<{ readonly server: Program; readonly refreshToken: string }> {
  // Of a caller whose request is longer than some 400 bytes Deno.serve does not tell that it has left (2.9.6). The
  // tokens of v1 are short; what they look like, those of another endpoint do too, which would cost a second call.
  const refreshToken = await world.feishu.logIn("v1");
  await world.feishu.faultNextRefresh({ kind: "hang" });
  const server = await world.start({
    env: { ...await world.env(), FEISHU_REFRESH_ENDPOINT: "v1" },
    args: ["--log-level", "debug"],
  });
  const leaving = new AbortController();
  const left = assert.rejects(refresh(await server.listens(), refreshToken, leaving.signal));
  await world.feishu.until(1, "pending");
  leaving.abort();
  await left;
  await server.says(/"event":"tool caller gone"/);
  return { server, refreshToken };
}

Deno.test.each(["the server over stdio", "token refresh"])(
  "main.ts presents nothing more after SIGTERM: %s",
  async (which) => {
    await using world = await World.create();
    const first = await world.feishu.logIn();
    await world.feishu.faultNextRefresh({ kind: "hang" });
    const holder = await world.start();
    const lost = handled(refresh(await holder.listens(), first)).catch(() => {});
    await world.feishu.until(1, "pending");

    const waiting = which === "token refresh"
      ? await world.run(["token", "refresh", "--log-level", "debug"], { env: await world.env(), stdin: true })
      : await world.start({ isStdio: true, args: ["--log-level", "debug"] });
    if (which === "token refresh") {
      await waiting.type(`${first}\n`);
      await waiting.closeStdin();
      await waiting.says(/store open/);
    } else {
      await waiting.send(toolCall("refresh_feishu_user_token", { refresh_token: first }));
      // Taken up after the refresh.
      await waiting.send(toolCall("get_feishu_app_token"));
      await waiting.answers(/"result"/);
    }
    waiting.kill("SIGTERM");
    await waiting.says(/stopping|finishing/);
    holder.kill("SIGKILL");
    await holder.end();
    await waiting.end();
    await lost;
    assert.equal((await world.feishu.refreshes()).length, 1);
  },
);

Deno.test("main.ts ends at SIGTERM while a sandbox of --sandbox-url does not answer", async () => {
  await using world = await World.create();
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const server = await world.start({
    env: await world.bareEnv(),
    args: ["--sandbox-url", `http://127.0.0.1:${silent.addr.port}`],
  });
  const connection = await silent.accept();
  server.kill("SIGTERM");
  assert.equal((await server.end()).code, 0);
  connection.close();
});
