import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { serveStdio } from "../../src/mcp/mcp_stdio.ts";
import { TOOL_TABLE } from "../../src/mcp/tool_table.ts";
import { Secret } from "../../src/secret.ts";
import { MemoryTokenService, TEST_CREDENTIALS } from "./memory_token_service.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { TestClock } from "./test_clock.ts";
import { toolCall } from "./test_server.ts";

const PING = { jsonrpc: "2.0", id: "ping", method: "ping" };

interface Session {
  readonly stdin: PassThrough;
  readonly stdout: PassThrough;
  readonly tokens: MemoryTokenService;
  readonly log: RecordingLog;
  readonly served: Promise<void>;
}

function start(signal?: AbortSignal): Session {
  const clock = new TestClock();
  const tokens = new MemoryTokenService(clock.now());
  const log = new RecordingLog();
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const served = serveStdio({
    tools: TOOL_TABLE,
    tokens,
    clock,
    version: "1.2.3",
    credentials: () => TEST_CREDENTIALS,
    log,
    newRequestId: () => `request-${tokens.contexts.length}`,
    stdin,
    stdout,
    ...(signal === undefined ? {} : { signal }),
  });
  return { stdin, stdout, tokens, log, served };
}

function line(message: unknown): string {
  return `${JSON.stringify(message)}\n`;
}

async function answers({ stdout, served }: Session): Promise<Record<string, unknown>[]> {
  await served;
  stdout.end();
  return (await text(stdout)).split("\n").filter((answer) => answer !== "").map((answer) =>
    JSON.parse(answer)
  );
}

Deno.test("serveStdio() resolves when the input ends", async () => {
  const session = start();
  session.stdin.end(line(PING));
  assert.deepEqual(await answers(session), [{ jsonrpc: "2.0", id: "ping", result: {} }]);
});

Deno.test("serveStdio() answers the call in flight when the input has ended", async () => {
  const session = start();
  const gate = Promise.withResolvers<void>();
  session.tokens.onAppToken = async () => {
    await gate.promise;
    return { accessToken: new Secret("t-late"), expiresAtMs: Date.UTC(2026, 0, 2) };
  };
  session.stdin.once("end", () => setImmediate(gate.resolve));
  session.stdin.end(line(toolCall("get_feishu_app_token")));
  assert.match(JSON.stringify(await answers(session)), /t-late/);
});

Deno.test("serveStdio() skips a line that is no message and goes on", async () => {
  const session = start();
  session.stdin.end(`not JSON planted-secret\n{"no":"message"}\n${line(PING)}`);
  assert.deepEqual(await answers(session), [{ jsonrpc: "2.0", id: "ping", result: {} }]);
});

Deno.test("serveStdio() logs a skipped line without quoting it", async () => {
  const session = start();
  session.stdin.end("planted-secret\n");
  await session.served;
  assert.equal(session.log.only("stdio message ignored").level, "warn");
  assert.doesNotMatch(JSON.stringify(session.log.lines), /planted/);
});

Deno.test("serveStdio() gives each call a request id of its own", async () => {
  const session = start();
  session.tokens.onAppToken = () => Promise.reject(new Error("planted"));
  session.stdin.end(line(toolCall("get_feishu_app_token")));
  assert.match(JSON.stringify(await answers(session)), /request id request-0/);
  assert.equal(session.log.only("tool failed").fields["request_id"], "request-0");
});

Deno.test("serveStdio() ends the wait of a call that the client cancels", async () => {
  const session = start();
  session.tokens.onAppToken = ({ signal }) =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      session.stdin.end(
        line({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } }),
      );
    });
  session.stdin.write(line(toolCall("get_feishu_app_token")));
  assert.deepEqual(await answers(session), []);
  assert.equal(session.tokens.contexts[0]?.signal?.aborted, true);
});

Deno.test("serveStdio() stops reading and resolves when it is told to stop", async () => {
  const stop = new AbortController();
  const session = start(stop.signal);
  stop.abort();
  await session.served;
  assert.equal(session.stdin.listenerCount("data"), 0);
});

Deno.test("serveStdio() resolves when the output is gone while a call is in flight", async () => {
  const session = start();
  session.tokens.onAppToken = () => {
    session.stdout.destroy();
    return new Promise(() => {});
  };
  session.stdin.write(line(toolCall("get_feishu_app_token")));
  await session.served;
  assert.equal(session.tokens.contexts[0]?.signal?.aborted, true);
});

Deno.test("serveStdio() resolves when an endless line comes while a call is in flight", async () => {
  const session = start();
  session.tokens.onAppToken = () => {
    session.stdin.write("x".repeat(11 * 1024 * 1024));
    return new Promise(() => {});
  };
  session.stdin.write(line(toolCall("get_feishu_app_token")));
  await session.served;
  assert.equal(session.tokens.contexts[0]?.signal?.aborted, true);
});

Deno.test("serveStdio() serves the streams of a real process and lets it exit at the end of input", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", import.meta.dirname + "/stdio_program.ts"],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(line(PING) + line(toolCall("get_feishu_app_token"))));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  assert.deepEqual([code, decoder.decode(stderr)], [0, ""]);
  const ids = decoder.decode(stdout).trimEnd().split("\n").map((answer) => JSON.parse(answer).id);
  assert.deepEqual(ids, ["ping", 1]);
});
