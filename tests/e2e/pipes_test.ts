import assert from "node:assert/strict";
import { TIME_IS_UP, within } from "../../src/concurrency/within.ts";
import { toolCall } from "../mcp/test_server.ts";
import { eventually } from "../support/eventually.ts";
import { REAL_CLOCK } from "../support/token_world.ts";
import { handled } from "./handled.ts";
import type { Program } from "./program.ts";
import { getAppToken, refresh, userTokenIn } from "./tool_answer.ts";
import { World } from "./world.ts";

/** At debug level a call logs three lines: enough for what a pipe holds and what the server lets wait. */
const CALLS_THAT_FILL_LOG = 4000;
const PARALLEL_CALLS = 16;
/** Far beyond what a loaded machine needs. */
const PATIENCE_MS = 60_000;
/** Of answers, so much may be unread before the server takes up no request any more. */
const UNSENT_LIMIT_BYTES = 4 * 1024 * 1024;
/** The answer is as long as a hundred of these requests. */
const LIST = { jsonrpc: "2.0", method: "tools/list" };

/** Makes a server log more than it lets wait. */
async function fillLog(url: string): Promise<void> {
  let left = CALLS_THAT_FILL_LOG;
  const calls = Array.from({ length: PARALLEL_CALLS }, async () => {
    while (left-- > 0) await getAppToken(url);
  });
  assert.notEqual(await within(REAL_CLOCK, PATIENCE_MS, Promise.all(calls)), TIME_IS_UP, "It serves no more");
}

/** Sends `count` requests whose answers nobody reads; what the server does not take any more is left to its fate. */
function sendLists(server: Program, count: number): void {
  const lines = Array.from(
    { length: count },
    (_, index) => `${JSON.stringify({ ...LIST, id: index + 1 })}\n`,
  );
  handled(server.type(lines.join("")));
}

/** Waits until every request that was sent so far is answered: one of them, sent now, asks Feishu for something. */
async function taken(world: World, server: Program): Promise<void> {
  handled(server.send(toolCall("get_feishu_app_token")));
  await eventually(() => "a call for an app token", async () => await world.feishu.appTokenCalls() > 0);
}

Deno.test("main.ts serves on, and stops in order, when nobody reads its log", async () => {
  await using world = await World.create();
  const first = await world.feishu.logIn();
  const server = await world.start({ args: ["--log-level", "debug"] });
  const url = await server.listens();
  server.stopReading("stderr");
  await fillLog(url);
  await world.feishu.faultNextRefresh({ kind: "hang" });
  const answered = handled(refresh(url, first));
  await world.feishu.until(1, "pending");
  server.kill("SIGTERM");
  await world.feishu.clearFaults();
  const { refresh_token: successor } = await answered;
  assert.equal(await server.exitCode(), 0);
  const restarted = await world.start();
  const again = await refresh(await restarted.listens(), first);
  assert.deepEqual([again.refresh_token, again.replayed], [successor, true]);
});

Deno.test("main.ts says how many log lines nobody has read, once somebody reads", async () => {
  await using world = await World.create();
  const server = await world.start({ args: ["--log-level", "debug"] });
  const url = await server.listens();
  server.stopReading("stderr");
  await fillLog(url);
  server.readOn("stderr");
  const dropped = await server.says(/"event":"log lines dropped: standard error was not read","lines":(\d+)/);
  assert.ok(Number(dropped) > 0);
  // From then on every line is there.
  await getAppToken(url);
  await server.says(/log lines dropped[^]*"event":"http request"/);
  server.kill("SIGTERM");
  const { code, stderr } = await server.end();
  assert.equal(code, 0);
  for (const line of stderr.trimEnd().split("\n")) assert.doesNotThrow(() => JSON.parse(line), line);
});

Deno.test("main.ts --stdio keeps a refresh that comes back while nobody reads its answers", async () => {
  await using world = await World.create();
  const first = await world.feishu.logIn();
  await world.feishu.faultNextRefresh({ kind: "hang" });
  const server = await world.start({ isStdio: true });
  await server.send(toolCall("refresh_feishu_user_token", { refresh_token: first }));
  await world.feishu.until(1, "pending");
  server.stopReading("stdout");
  sendLists(server, 200);
  await world.feishu.clearFaults();
  await world.feishu.until(1, "accepted");
  const other = await world.start();
  assert.equal((await refresh(await other.listens(), first)).replayed, true);
  server.kill("SIGKILL");
  assert.deepEqual(await world.feishu.refreshes(), ["accepted"]);
});

Deno.test.each<[string, (server: Program) => void | Promise<void>]>([
  ["at SIGTERM", (server) => server.kill("SIGTERM")],
  ["at SIGHUP", (server) => server.kill("SIGHUP")],
  ["when its input ends", (server) => server.closeStdin()],
])(
  "main.ts --stdio ends %s although nobody reads either stream, and keeps its refresh",
  async (_how, stop) => {
    await using world = await World.create();
    const first = await world.feishu.logIn();
    await world.feishu.faultNextRefresh({ kind: "hang" });
    const server = await world.start({ isStdio: true, args: ["--log-level", "debug"] });
    await server.send(toolCall("refresh_feishu_user_token", { refresh_token: first }));
    await world.feishu.until(1, "pending");
    server.stopReading("stdout");
    server.stopReading("stderr");
    handled(server.type("no message, which is logged\n".repeat(1000)));
    sendLists(server, 100);
    await taken(world, server);
    await stop(server);
    await world.feishu.clearFaults();
    assert.equal(await server.exitCode(), 0);
    const restarted = await world.start();
    assert.equal((await refresh(await restarted.listens(), first)).replayed, true);
    assert.deepEqual(await world.feishu.refreshes(), ["accepted"]);
  },
);

Deno.test.each<[string, (server: Program) => void | Promise<void>]>([
  ["SIGTERM", (server) => server.kill("SIGTERM")],
  ["the end of its input", (server) => server.closeStdin()],
])("main.ts --stdio ends at %s with more unread answers than it lets wait", async (_how, stop) => {
  await using world = await World.create();
  const server = await world.start({ isStdio: true });
  await server.send({ ...LIST, id: 0 });
  await server.answers(/"id":0[,}]/);
  const room = Math.floor(UNSENT_LIMIT_BYTES / server.stdout.length);
  server.stopReading("stdout");
  sendLists(server, room);
  await taken(world, server);
  sendLists(server, room);
  await stop(server);
  assert.equal(await server.exitCode(), 0);
});

Deno.test("main.ts --stdio answers every request of a client that reads late, in their order", async () => {
  await using world = await World.create();
  const server = await world.start({ isStdio: true });
  server.stopReading("stdout");
  const count = 2000;
  sendLists(server, count);
  await server.says(/serving one MCP client/);
  server.readOn("stdout");
  await server.answers(new RegExp(`"id":${count}[,}]`));
  const ids = server.stdout.trimEnd().split("\n").map((line) => JSON.parse(line).id);
  assert.deepEqual(ids, Array.from({ length: count }, (_, index) => index + 1));
});

Deno.test("main.ts --stdio skips a line of 20 MB, answers that, and serves on", async () => {
  await using world = await World.create();
  const refreshToken = await world.feishu.logIn();
  const server = await world.start({ isStdio: true });
  await server.type(`{"jsonrpc":"2.0","id":7,"planted":"${"x".repeat(20_000_000)}"}\n`);
  await server.send(toolCall("refresh_feishu_user_token", { refresh_token: refreshToken }));
  await server.answers(/"id":1[,}]/);
  const [refusal, answer] = server.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual([refusal.id, refusal.error.code], [null, -32600]);
  assert.notEqual(userTokenIn(answer.result).refresh_token, refreshToken);
  await server.closeStdin();
  const { code, stderr } = await server.end();
  assert.equal(code, 0);
  assert.match(stderr, /"event":"stdio message refused","why":"a line of more than 131072 bytes"/);
});
