import assert from "node:assert/strict";
import http2 from "node:http2";
import { childCommand } from "../../../harness/child_command.ts";
import {
  type BoundAddress,
  listen,
  type Listening,
  type ListenOptions,
} from "../../../src/http/listening/listen.ts";
import { ListenError } from "../../../src/http/listening/listen_error.ts";
import { createTestServer, mcpRequest, type TestServer, toolCall } from "../../mcp/test_server.ts";
import { RecordingLog } from "../../support/recording_log.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { eventually } from "../../support/eventually.ts";
import { rawHttp } from "../raw_http.ts";

const MCP_HEAD = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" +
  "Accept: application/json, text/event-stream\r\nContent-Type: application/json\r\n";
const LIMIT_BYTES = 128 * 1024;
const REQUEST_ID = "0123456789ab";

function start(overrides: Partial<ListenOptions> = {}): Promise<Listening> {
  return listen({
    hostname: "127.0.0.1",
    port: 0,
    handler: () => Promise.resolve(new Response("hello")),
    clock: new ManualClock(),
    log: new RecordingLog(),
    newRequestId: () => REQUEST_ID,
    ...overrides,
  });
}

async function withServer(use: (listening: Listening, server: TestServer) => Promise<void>): Promise<void> {
  const server = createTestServer();
  const listening = await start({ handler: server.app });
  try {
    await use(listening, server);
  } finally {
    await listening.shutdown(1000);
  }
}

Deno.test("listen() answers under its url", async () => {
  const listening = await start();
  const answer = await (await fetch(listening.url)).text();
  await listening.shutdown(1000);
  assert.equal(answer, "hello");
});

Deno.test("listen() reports the address bound before it resolves", async () => {
  const seen: BoundAddress[] = [];
  const { shutdown, ...address } = await start({ onBound: (bound) => seen.push(bound) });
  await shutdown(1000);
  assert.deepEqual(seen, [address]);
  assert.notEqual(address.port, 0);
});

Deno.test("listen() rejects and listens no more when onBound throws", async () => {
  let port = 0;
  await assert.rejects(
    start({
      onBound(bound): void {
        port = bound.port;
        throw new Error("refused");
      },
    }),
    /refused/,
  );
  await assert.rejects(Deno.connect({ port }), Deno.errors.ConnectionRefused);
});

Deno.test.each([
  ["127.0.0.1", true, /^http:\/\/127\.0\.0\.1:\d+$/],
  ["localhost", true, /^http:\/\/(127\.0\.0\.1|\[::1\]):\d+$/],
  ["0.0.0.0", false, /^http:\/\/localhost:\d+$/],
])("listen() tells what %s means", async (hostname, isLoopback, url) => {
  const listening = await start({ hostname });
  await listening.shutdown(1000);
  assert.equal(listening.isLoopback, isLoopback);
  assert.match(listening.url, url);
});

Deno.test("listen() judges the address bound when the platform overrides the one asked for", async () => {
  const { code, stdout, stderr } = await childCommand(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-net", `${import.meta.dirname}/print_bound_address.ts`],
    env: { DENO_SERVE_ADDRESS: "tcp:0.0.0.0:0" },
  }).output();
  const decoder = new TextDecoder();
  assert.deepEqual([code, decoder.decode(stderr)], [0, ""]);
  const address = JSON.parse(decoder.decode(stdout)) as BoundAddress;
  assert.deepEqual([address.hostname, address.isLoopback], ["0.0.0.0", false]);
});

Deno.test("listen() names port and --port when the port is in use", async () => {
  const first = await start();
  const second = start({ port: first.port });
  await assert.rejects(second, (error) => {
    assert.ok(error instanceof ListenError);
    assert.equal(error.port, first.port);
    assert.match(
      error.message,
      new RegExp(`^Cannot listen on 127\\.0\\.0\\.1:${first.port}: .*in use.*--port[^.\\n]*$`),
    );
    return true;
  });
  await first.shutdown(1000);
});

Deno.test("listen() says so when the address is not of this machine", async () => {
  await assert.rejects(start({ hostname: "192.0.2.1" }), /no such address.*--port/);
});

Deno.test("listen() shows nothing of a host that may be a secret in the wrong place", async () => {
  await assert.rejects(start({ hostname: "qPlantedSecretPlantedSecret00001" }), (error: ListenError) => {
    assert.match(error.message, /^Cannot listen on \(not shown\):0: /);
    return true;
  });
});

Deno.test("listen() says so when Deno may not use the port", { permissions: { net: false } }, async () => {
  await assert.rejects(start({ port: 8081 }), /127\.0\.0\.1:8081: Deno was not given net access.*--port/);
});

Deno.test("shutdown() waits for the request in flight", async () => {
  const gate = Promise.withResolvers<void>();
  const entered = Promise.withResolvers<void>();
  const listening = await start({
    async handler(): Promise<Response> {
      entered.resolve();
      await gate.promise;
      return new Response("late");
    },
  });
  const answer = fetch(listening.url);
  await entered.promise;
  const shutdown = listening.shutdown(1000);
  gate.resolve();
  assert.equal(await (await answer).text(), "late");
  await shutdown;
});

Deno.test("shutdown() answers 503 to what is still in flight when the deadline has passed", async () => {
  const clock = new ManualClock();
  const log = new RecordingLog();
  const entered = Promise.withResolvers<void>();
  const listening = await start({
    clock,
    log,
    handler: () => {
      entered.resolve();
      return new Promise(() => {});
    },
  });
  const answer = fetch(listening.url).then(async (response) => {
    const { detail } = await response.json() as { detail: string };
    return [
      response.status,
      detail,
      response.headers.get("x-request-id"),
      response.headers.get("retry-after"),
    ];
  });
  await entered.promise;
  const shutdown = listening.shutdown(1000);
  clock.pass(1000);
  assert.deepEqual(await answer, [
    503,
    "The server is stopping; call again when it is back",
    REQUEST_ID,
    "1",
  ]);
  assert.equal(log.only("http request not answered before the end").fields["request_id"], REQUEST_ID);
  await shutdown;
  assert.deepEqual(log.only("http shutdown forced").fields, { deadline_ms: 1000, unanswered: 1 });
});

Deno.test("shutdown() does not wait for a caller that does not read its answer", async () => {
  const clock = new ManualClock();
  const listening = await start({ clock, handler: () => Promise.resolve(new Response("x".repeat(1 << 26))) });
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: listening.port });
  await connection.write(new TextEncoder().encode("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  await connection.read(new Uint8Array(1));
  let isOver = false;
  listening.shutdown(40_000).then(() => isOver = true);
  await eventually(() => "an end without that caller", () => {
    clock.pass(100);
    return isOver;
  });
  assert(clock.monotonic() < 20_000, `${clock.monotonic()} ms`);
  connection.close();
  await listening.shutdown(40_000);
});

Deno.test("listen() answers 500 with a body and an id that is logged when the handler fails", async () => {
  const log = new RecordingLog();
  const listening = await start({ log, handler: () => Promise.reject(new SyntaxError("planted")) });
  const response = await fetch(listening.url);
  const { status } = await response.json() as { status: number };
  await listening.shutdown(1000);
  assert.deepEqual([response.status, status, response.headers.get("x-request-id")], [500, 500, REQUEST_ID]);
  assert.deepEqual(log.only("http handler failed").fields, { request_id: REQUEST_ID, error: "SyntaxError" });
});

Deno.test("shutdown() does not wait for a connection that only stays open", async () => {
  const listening = await start();
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: listening.port });
  await connection.write(new TextEncoder().encode("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  await connection.read(new Uint8Array(1024));
  await listening.shutdown(1000);
});

Deno.test("shutdown() resolves when a caller never sends the body that it declared", async () => {
  const { code, stdout } = await childCommand(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-net", `${import.meta.dirname}/stuck_shutdown_program.ts`],
    stderr: "inherit",
  }).output();
  assert.deepEqual([code, new TextDecoder().decode(stdout)], [0, "stopped"]);
});

Deno.test("shutdown() leaves no timer behind when all is finished in time", async () => {
  const clock = new ManualClock();
  const listening = await start({ clock });
  await listening.shutdown(1000);
  assert.equal(clock.sleeping, 0);
});

Deno.test("the HTTP door answers 413 when a chunked body passes 128 KiB", async () => {
  await withServer(async ({ port }) => {
    const chunk = `${(LIMIT_BYTES + 1).toString(16)}\r\n${" ".repeat(LIMIT_BYTES + 1)}\r\n`;
    const answer = await rawHttp(port, `${MCP_HEAD}Transfer-Encoding: chunked\r\n\r\n${chunk}0\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 413 [^]*"code":-32000/);
  });
});

Deno.test("the HTTP door answers 413 at once when a body declares more than 128 KiB", async () => {
  await withServer(async ({ port }) => {
    const answer = await rawHttp(port, `${MCP_HEAD}Content-Length: ${LIMIT_BYTES + 1}\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 413 [^]*"code":-32000/);
  });
});

Deno.test("the HTTP door never reads past 128 KiB when a chunked body declares a small length", async () => {
  await withServer(async ({ port }) => {
    const chunk = `${(LIMIT_BYTES + 1).toString(16)}\r\n${" ".repeat(LIMIT_BYTES + 1)}\r\n`;
    const head = `${MCP_HEAD}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n`;
    assert.match(await rawHttp(port, `${head}${chunk}0\r\n\r\n`), /^HTTP\/1\.1 4(00|13) /);
  });
});

Deno.test("the HTTP door refuses a forged Host on a real connection", async () => {
  await withServer(async ({ port }) => {
    const head = MCP_HEAD.replace("Host: localhost", "Host: evil.com");
    assert.match(
      await rawHttp(port, `${head}Content-Length: 2\r\n\r\n{}`),
      /^HTTP\/1\.1 403 [^]*"code":-32000/,
    );
  });
});

Deno.test.each([
  ["http://evil.com/mcp", "localhost", 403],
  ["http://x:99999/mcp?app_secret=planted", "localhost", 400],
  ["/mcp?app_secret=planted", "127.0.0.1:99999", 400],
  ["/mcp?app_secret=planted", "[fe80::1%25eth0]:8081", 400],
  ["/mcp?app_secret=planted", "127.0.0.1, evil", 400],
  ["/mcp?app_secret=planted", "[", 400],
  ["/mcp?app_secret=planted", "%zz", 400],
])(
  "the HTTP door judges the address of %s under Host %s on a real connection",
  async (target, host, status) => {
    await withServer(async ({ port }, { log }) => {
      const head = MCP_HEAD.replace("/mcp", target).replace("Host: localhost", `Host: ${host}`);
      const answer = await rawHttp(port, `${head}Content-Length: 2\r\n\r\n{}`);
      assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} [^]*x-request-id: [0-9a-f]{12}`, "i"));
      assert.match(answer, /\r\n\r\n\{.+\}$/);
      assert.doesNotMatch(answer + JSON.stringify(log.lines), /planted|99999|fe80/);
    });
  },
);

Deno.test.each<[string, Record<string, string>, number]>([
  ["a foreign :authority", { ":authority": "evil.com", host: "localhost" }, 403],
  ["a foreign Host beside :authority", { ":authority": "localhost", host: "evil.com" }, 403],
  [":authority that is no address", { ":authority": "x:99999" }, 400],
  [":authority and Host of this machine", { ":authority": "localhost", host: "127.0.0.1" }, 404],
])("the HTTP door judges %s over HTTP/2", async (_case, headers, status) => {
  await withServer(async ({ url }) => {
    const client = http2.connect(url);
    const request = client.request({ ":path": "/nowhere", ...headers });
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    request.on("response", (answer) => resolve(answer[":status"]));
    request.on("error", reject);
    assert.equal(await promise, status);
    await new Promise<void>((closed) => client.close(() => closed()));
  });
});

Deno.test("the HTTP door refuses a second Host on a real connection", async () => {
  await withServer(async ({ port }) => {
    const answer = await rawHttp(port, `${MCP_HEAD}Host: evil.com\r\nContent-Length: 2\r\n\r\n{}`);
    assert.match(answer, /^HTTP\/1\.1 40[03] /);
  });
});

Deno.test("the HTTP door ends the wait when the caller's connection closes", async () => {
  await withServer(async ({ url }, { app: _app, tokens }) => {
    const caller = new AbortController();
    const ended = Promise.withResolvers<void>();
    tokens.onAppToken = ({ signal }) => {
      caller.abort();
      return new Promise((_resolve, reject) => {
        signal?.addEventListener("abort", () => {
          ended.resolve();
          reject(signal.reason);
        }, { once: true });
      });
    };
    const { method, headers, body } = mcpRequest(toolCall("get_feishu_app_token"));
    const answer = fetch(`${url}/mcp`, { method, headers, body, signal: caller.signal });
    await assert.rejects(answer, { name: "AbortError" });
    await ended.promise;
  });
});

Deno.test("the HTTP door does not end the wait of a caller that stays", async () => {
  await withServer(async ({ url }, { tokens }) => {
    const { method, headers, body } = mcpRequest(toolCall("get_feishu_app_token"));
    const answer = await fetch(`${url}/mcp`, { method, headers, body });
    assert.equal(answer.status, 200);
    await answer.body?.cancel();
    assert.equal(tokens.contexts[0]?.signal?.aborted, false);
  });
});
