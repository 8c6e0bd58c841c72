import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { childCommand } from "../../../harness/child_command.ts";
import { noLoginService } from "../../../src/login/no_login_service.ts";
import { RepeatedLines } from "../../../src/log/repeated_lines.ts";
import { serveStdio } from "../../../src/mcp/stdio/serve_stdio.ts";
import { MESSAGE_BYTES_LIMIT } from "../../../src/mcp/messages/message_bytes_limit.ts";
import { TOOL_TABLE } from "../../../src/mcp/tools/tool_table.ts";
import { Secret } from "../../../src/secret.ts";
import { MemoryTokenService, TEST_CREDENTIALS } from "../memory_token_service.ts";
import { RecordingLog } from "../../support/recording_log.ts";
import { inputOf } from "../../support/input_of.ts";
import { TestPipe } from "../../support/test_pipe.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { toolCall } from "../test_server.ts";

const PING = { jsonrpc: "2.0", id: "ping", method: "ping" };
const PONG = { jsonrpc: "2.0", id: "ping", result: {} };

interface Session {
  readonly stdin: PassThrough;
  readonly stdout: TestPipe;
  readonly clock: ManualClock;
  readonly tokens: MemoryTokenService;
  readonly log: RecordingLog;
  readonly served: Promise<void>;
  /** Resolves when the server has told that its input is over. */
  readonly inputOver: Promise<void>;
}

function start(signal?: AbortSignal, isCounting = false): Session {
  const clock = new ManualClock();
  const tokens = new MemoryTokenService(clock.now());
  const log = new RecordingLog();
  const stdin = new PassThrough();
  const stdout = new TestPipe(clock);
  const over = Promise.withResolvers<void>();
  const served = serveStdio({
    tools: TOOL_TABLE,
    tokens,
    logins: noLoginService(),
    clock,
    version: "1.2.3",
    credentials: () => TEST_CREDENTIALS,
    log,
    newRequestId: () => `request-${tokens.contexts.length}`,
    stdin: inputOf(stdin),
    stdout: stdout.output,
    onInputOver: over.resolve,
    ...(signal === undefined ? {} : { signal }),
    ...(isCounting ? { repeated: new RepeatedLines({ clock, log }) } : {}),
  });
  return { stdin, stdout, clock, tokens, log, served, inputOver: over.promise };
}

/** Lets `count` turns of the event loop pass. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

function line(message: unknown): string {
  return `${JSON.stringify(message)}\n`;
}

async function answers({ stdout, served }: Session): Promise<Record<string, unknown>[]> {
  await served;
  return stdout.text.split("\n").filter((answer) => answer !== "").map((answer) => JSON.parse(answer));
}

Deno.test("serveStdio() resolves when the input ends", async () => {
  const session = start();
  session.stdin.end(line(PING));
  assert.deepEqual(await answers(session), [{ jsonrpc: "2.0", id: "ping", result: {} }]);
});

Deno.test("serveStdio() answers a last line without its newline", async () => {
  const session = start();
  session.stdin.end(`${line({ ...PING, id: "first" })}${JSON.stringify(PING)}`);
  assert.deepEqual(await answers(session), [{ ...PONG, id: "first" }, PONG]);
});

Deno.test("serveStdio() answers the call in flight when the input has ended, and tells of that end first", async () => {
  const session = start();
  const gate = Promise.withResolvers<void>();
  session.tokens.onAppToken = async () => {
    await gate.promise;
    return { accessToken: new Secret("t-late"), expiresAtMs: Date.UTC(2026, 0, 3) };
  };
  session.stdin.end(line(toolCall("get_feishu_app_token")));
  await session.inputOver;
  gate.resolve();
  assert.match(JSON.stringify(await answers(session)), /t-late/);
});

Deno.test("serveStdio() skips what is no message, and nothing at all, and goes on", async () => {
  const session = start();
  session.stdin.end(`not JSON planted-secret\n\n \r\n${line(PING)}`);
  assert.deepEqual(await answers(session), [PONG]);
  assert.equal(session.log.lines.length, 1);
});

Deno.test.each([
  ["a message that is cut off", '{"jsonrpc":"2.0","id":1,"method":"planted', null, -32700],
  ["JSON that is no message", '{"no":"planted"}', null, -32600],
  [
    "a message without a method",
    '{"jsonrpc":"2.0","id":9007199254740993,"params":{"planted":1}}',
    "same",
    -32600,
  ],
  [
    "a request with parameters of no kind",
    '{"jsonrpc":"2.0","id":9007199254740993,"method":"ping","params":5}',
    "same",
    -32600,
  ],
  ["an id of null", '{"jsonrpc":"2.0","id":null,"method":"planted"}', null, -32600],
])("serveStdio() answers %s and goes on", async (_case, text, id, code) => {
  const session = start();
  session.stdin.end(`${text}\n${line(PING)}`);
  await session.served;
  const [refusal = "", pong = "", ...others] = session.stdout.text.split("\n");
  assert.match(
    refusal,
    new RegExp(
      `^{"jsonrpc":"2.0","id":${id === null ? "null" : "9007199254740993"},"error":{"code":${code},`,
    ),
  );
  assert.deepEqual([JSON.parse(pong), others], [PONG, [""]]);
  assert.equal(session.log.only("stdio message refused").level, "warn");
  assert.doesNotMatch(JSON.stringify([session.log.lines, refusal]), /planted/);
});

Deno.test("serveStdio() takes null for nothing, and any id, digit for digit", async () => {
  const session = start();
  const ids = ["9007199254740993", "1.5", "-0", '"a"'];
  for (const id of ids) {
    session.stdin.write(`{"jsonrpc":"2.0","id":${id},"method":"ping","params":null}\n`);
    session.stdin.write(
      `{"jsonrpc":"2.0","id":${id},"method":"tools/list","params":{"_meta":null,"cursor":null}}\n`,
    );
  }
  session.stdin.end();
  await session.served;
  const seen = session.stdout.text.trimEnd().split("\n").map((each) => /"id":([^,}]+)}$/.exec(each)?.[1]);
  assert.deepEqual(seen, ids.flatMap((id) => [id, id]));
});

Deno.test("serveStdio() answers a batch in one line", async () => {
  const session = start();
  const notification = { jsonrpc: "2.0", method: "notifications/initialized" };
  session.stdin.end(line([PING, notification, 5, toolCall("get_feishu_app_token")]) + line([notification]));
  const [batch, ...others] = await answers(session) as unknown as Record<string, unknown>[][];
  assert.deepEqual([batch?.map(({ id }) => id), others], [["ping", null, 1], []]);
});

Deno.test("serveStdio() takes a first line with a byte order mark", async () => {
  const session = start();
  session.stdin.end(`\ufeff${line(PING)}`);
  assert.deepEqual(await answers(session), [PONG]);
});

Deno.test("serveStdio() answers a handshake before what came behind it", async () => {
  const session = start();
  const initialize = {
    jsonrpc: "2.0",
    id: "i",
    method: "initialize",
    params: { protocolVersion: "2025-11-25" },
  };
  session.stdin.end(line(initialize) + line(PING) + line(toolCall("get_feishu_app_token")));
  assert.deepEqual((await answers(session)).map(({ id }) => id), ["i", "ping", 1]);
});

Deno.test("serveStdio() serves a client of 2026-07-28 without a handshake", async () => {
  const session = start();
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const request = (id: number, method: string, params: object = {}): string =>
    line({ jsonrpc: "2.0", id, method, params: { ...params, _meta } });
  session.stdin.end(
    request(1, "server/discover") + request(2, "tools/list") +
      request(3, "tools/call", { name: "get_feishu_app_token", arguments: {} }) + request(4, "ping"),
  );
  const [discovered, listed, called, refused] = await answers(session) as {
    result: Record<string, unknown>;
    error?: { code: number };
  }[];
  assert.deepEqual(discovered?.result["supportedVersions"], ["2026-07-28"]);
  for (const each of [discovered, listed, called]) assert.equal(each?.result["resultType"], "complete");
  assert.equal(called?.result["isError"], false);
  assert.equal(refused?.error?.code, -32601);
});

Deno.test("serveStdio() logs a skipped line without quoting it", async () => {
  const session = start();
  session.stdin.end("planted-secret\n");
  await session.served;
  assert.equal(session.log.only("stdio line ignored").level, "warn");
  assert.doesNotMatch(JSON.stringify(session.log.lines), /planted/);
});

Deno.test("serveStdio() logs equal skipped lines once where they are counted", async () => {
  const session = start(undefined, true);
  session.stdin.end("x\n".repeat(50) + '{"no":"message"}\n'.repeat(50));
  await session.served;
  assert.deepEqual(session.log.lines.map(({ event, fields }) => [event, fields["why"]]), [
    ["stdio line ignored", "a line that is not JSON"],
    ["stdio message refused", 'jsonrpc must be "2.0"'],
  ]);
  session.clock.pass(10_000);
  await turns(1);
});

Deno.test("serveStdio() reads no further ahead than 1 MiB of short lines", async () => {
  const stop = new AbortController();
  const { stdin, served } = start(stop.signal);
  let sentBytes = 0;
  while (!stdin.writableNeedDrain && sentBytes < 8 * 1024 * 1024) {
    stdin.write("x\n".repeat(32 * 1024));
    sentBytes += 64 * 1024;
    await turns(3);
  }
  const readBytes = sentBytes - stdin.readableLength - stdin.writableLength;
  stop.abort();
  await served;
  assert.ok(readBytes >= 64 * 1024, `${readBytes} bytes were read`);
  assert.ok(readBytes <= 1.25 * 1024 * 1024, `${readBytes} bytes were read ahead`);
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

Deno.test.each(["9007199254740993", '"a"', "0"])(
  "serveStdio() lets the client cancel the call %s, in a batch too",
  async (id) => {
    const session = start();
    session.tokens.onAppToken = ({ signal }) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
        session.stdin.end(
          `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":${id}}}\n`,
        );
      });
    const call = JSON.stringify(toolCall("get_feishu_app_token")).replace('"id":1', `"id":${id}`);
    session.stdin.write(`[${call},${JSON.stringify(PING)}]\n`);
    assert.deepEqual(await answers(session), [[PONG]]);
  },
);

Deno.test("serveStdio() stops reading and resolves when it is told to stop", async () => {
  const stop = new AbortController();
  const session = start(stop.signal);
  stop.abort();
  await session.served;
  session.stdin.write(line(PING));
  await turns(5);
  assert.equal(session.stdout.text, "");
});

Deno.test("serveStdio() resolves when the output is gone while a call is in flight", async () => {
  const session = start();
  session.tokens.onAppToken = () => {
    session.stdout.break(new Error("Broken pipe"));
    session.stdin.write(line(PING));
    return new Promise(() => {});
  };
  session.stdin.write(line(toolCall("get_feishu_app_token")));
  await session.served;
  assert.equal(session.tokens.contexts[0]?.signal?.aborted, true);
});

Deno.test.each([["to its end", "\n"], ["that goes on at the next chunk", ""]])(
  "serveStdio() skips a line that is too long, %s, answers that, and serves on",
  async (_name, end) => {
    const session = start();
    session.stdin.write(`{"planted":"${"x".repeat(MESSAGE_BYTES_LIMIT)}${end}`);
    if (end === "") session.stdin.write("planted\n");
    session.stdin.end(line(PING));
    const [refusal, pong, ...others] = await answers(session);
    assert.deepEqual(refusal, {
      jsonrpc: "2.0",
      id: null,
      error: { code: -32600, message: "Invalid request: a message must not exceed 131072 bytes" },
    });
    assert.deepEqual([pong, others], [{ jsonrpc: "2.0", id: "ping", result: {} }, []]);
    assert.doesNotMatch(JSON.stringify(session.log.lines), /planted/);
  },
);

Deno.test("serveStdio() holds nothing of an endless line", async () => {
  const session = start();
  for (let sent = 0; sent < 64; sent++) session.stdin.write("x".repeat(1024 * 1024));
  session.stdin.end(`\n${line(PING)}`);
  assert.deepEqual((await answers(session)).map(({ id }) => id), [null, "ping"]);
});

Deno.test("serveStdio() takes a line as long as a message may be", async () => {
  const session = start();
  const ping = (padding: number): string =>
    JSON.stringify({ ...PING, params: { padding: "x".repeat(padding) } });
  session.stdin.end(`${ping(MESSAGE_BYTES_LIMIT - ping(0).length)}\n`);
  assert.deepEqual((await answers(session)).map(({ id }) => id), ["ping"]);
});

Deno.test("serveStdio() takes up no request while 4 MiB of answers are unread, and all of them later", async () => {
  const session = start();
  const { stdin, stdout } = session;
  stdout.stopReading();
  const count = 2000;
  for (let id = 1; id <= count; id++) stdin.write(line({ jsonrpc: "2.0", id, method: "tools/list" }));
  await stdout.output.drained(4 * 1024 * 1024);
  await turns(count * 2);
  const unsent = stdout.output.unsentBytes;
  assert.ok(unsent > 4 * 1024 * 1024 && unsent < 4.1 * 1024 * 1024, String(unsent));
  stdin.end();
  stdout.read();
  const ids = (await answers(session)).map(({ id }) => id);
  assert.deepEqual(ids, Array.from({ length: count }, (_, index) => index + 1));
});

Deno.test.each(["the end of the input", "a signal"])(
  "serveStdio() resolves at %s although nobody reads its answers",
  async (how) => {
    const stop = new AbortController();
    const session = start(stop.signal);
    const { stdin, stdout, clock, served } = session;
    stdout.stopReading();
    for (let id = 1; id <= 1000; id++) stdin.write(line({ jsonrpc: "2.0", id, method: "tools/list" }));
    if (how === "a signal") stop.abort();
    else stdin.end();
    let isOver = false;
    const over = served.then(() => isOver = true);
    while (!isOver) {
      await turns(1);
      clock.pass(100);
    }
    await over;
    assert.equal(stdout.text, "");
  },
);

Deno.test("serveStdio() waits for a client that reads its answers slowly", async () => {
  const session = start();
  const { stdin, stdout, clock, served } = session;
  stdout.stopReading();
  for (let id = 1; id <= 100; id++) stdin.write(line({ jsonrpc: "2.0", id, method: "tools/list" }));
  stdin.end();
  let isOver = false;
  const over = served.then(() => isOver = true);
  while (!isOver) {
    await turns(200);
    clock.pass(1900);
    stdout.read();
    stdout.stopReading();
  }
  await over;
  assert.equal((await answers(session)).length, 100);
});

Deno.test("serveStdio() waits for both answers to an id that was used twice", async () => {
  const session = start();
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let calls = 0;
  session.tokens.onAppToken = async () => {
    await gates[calls++]?.promise;
    return { accessToken: new Secret("t-late"), expiresAtMs: Date.UTC(2026, 0, 3) };
  };
  session.stdin.once("end", () => {
    setImmediate(() => {
      gates[0]?.resolve();
      setImmediate(() => gates[1]?.resolve());
    });
  });
  session.stdin.end(line(toolCall("get_feishu_app_token")) + line(toolCall("get_feishu_app_token")));
  assert.equal((await answers(session)).length, 2);
});

Deno.test("serveStdio() serves the streams of a real process and lets it exit at the end of input", async () => {
  const child = childCommand(Deno.execPath(), {
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
