import assert from "node:assert/strict";
import { z } from "zod";
import { toolCall } from "../mcp/test_server.ts";
import type { Program } from "./program.ts";
import { appTokenIn, userTokenIn } from "./tool_answer.ts";
import { World } from "./world.ts";

const INITIALIZE = {
  jsonrpc: "2.0",
  id: "hello",
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "raw", version: "0" } },
};
const INITIALIZED = { jsonrpc: "2.0", method: "notifications/initialized" };

const AnswerSchema = z.object({ jsonrpc: z.literal("2.0"), id: z.unknown(), result: z.unknown().optional() });

/** A server over stdio at debug level, past the handshake. */
async function startedStdio(world: World): Promise<Program> {
  const server = await world.start({ isStdio: true, args: ["--log-level", "debug", "--log-format", "json"] });
  await server.send(INITIALIZE);
  await server.answers(/"id":"hello"/);
  await server.send(INITIALIZED);
  return server;
}

/** The answers on `stdout`, which must hold nothing else, to the byte. */
function answersIn(stdout: string): z.infer<typeof AnswerSchema>[] {
  assert.match(stdout, /\n$/);
  return stdout.slice(0, -1).split("\n").map((line) => {
    const answer: unknown = JSON.parse(line);
    assert.equal(JSON.stringify(answer), line);
    return AnswerSchema.parse(answer);
  });
}

Deno.test("main.ts --stdio writes JSON-RPC lines to stdout and its log to stderr, also at debug level", async () => {
  await using world = await World.create();
  const server = await startedStdio(world);
  await server.send({ jsonrpc: "2.0", id: "tools", method: "tools/list" });
  await server.send(toolCall("get_feishu_app_token"));
  await server.answers(/"id":1[,}]/);
  await server.closeStdin();
  const { code, stdout, stderr } = await server.end();
  assert.equal(code, 0);
  const answers = answersIn(stdout);
  assert.deepEqual(answers.map(({ id }) => id), ["hello", "tools", 1]);
  appTokenIn(answers[2]?.result);
  for (const line of stderr.trimEnd().split("\n")) assert.equal(typeof JSON.parse(line).event, "string");
});

Deno.test("main.ts --stdio refuses a line that is no JSON-RPC, without repeating it", async () => {
  await using world = await World.create();
  const server = await startedStdio(world);
  await server.send("planted, and no message");
  await server.send({ jsonrpc: "2.0", id: "after", method: "ping" });
  await server.answers(/"id":"after"/);
  assert.doesNotMatch(server.stderr, /planted/);
  assert.doesNotMatch(server.stdout, /planted/);
  assert.deepEqual(answersIn(server.stdout).map(({ id }) => id), ["hello", null, "after"]);
});

Deno.test("main.ts --stdio finishes a call in flight when stdin is closed, then ends with 0", async () => {
  await using world = await World.create();
  const refreshToken = await world.feishu.logIn();
  await world.feishu.faultNextRefresh({ kind: "hang" });
  const server = await startedStdio(world);
  await server.send(toolCall("refresh_feishu_user_token", { refresh_token: refreshToken }));
  await world.feishu.until(1, "pending");
  await server.closeStdin();
  await world.feishu.clearFaults();
  const { code, stdout } = await server.end();
  assert.equal(code, 0);
  const answer = answersIn(stdout).at(-1);
  assert.equal(answer?.id, 1);
  assert.notEqual(userTokenIn(answer.result).refresh_token, refreshToken);
});

Deno.test("main.ts --stdio ends with 0 when stdin is closed before anything was sent", async () => {
  await using world = await World.create();
  const server = await world.start({ isStdio: true });
  await server.closeStdin();
  const { code, stdout } = await server.end();
  assert.deepEqual({ code, stdout }, { code: 0, stdout: "" });
});
