import assert from "node:assert/strict";
import { OffsetClock } from "../../src/sandbox/offset_clock.ts";
import { serveSandbox } from "../../src/sandbox/serve_sandbox.ts";
import { rawHttp } from "../http/raw_http.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { PATHS } from "./asked_sandbox.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { SeededRandom } from "./seeded_random.ts";
import { ListeningSandbox } from "./served_sandbox.ts";

Deno.test("serveSandbox() tells the url and port it listens on", async () => {
  await using sandbox = await ListeningSandbox.start();
  assert.notEqual(sandbox.port, 0);
  assert.equal(sandbox.url, `http://127.0.0.1:${sandbox.port}`);
});

Deno.test("serveSandbox() rejects when the port is taken", async () => {
  await using sandbox = await ListeningSandbox.start();
  const clock = new OffsetClock(new ManualClock());
  await assert.rejects(serveSandbox({ clock, random: new SeededRandom(1), port: sandbox.port }), {
    code: "EADDRINUSE",
  });
});

Deno.test.each([[PATHS.tenantToken], ["/nothing"], ["/_sandbox/state"]])(
  "serveSandbox() puts log id, request id and clock on an answer of %s",
  async (path) => {
    await using sandbox = await ListeningSandbox.start();
    sandbox.clock.advance(1_500);
    const { headers } = await sandbox.send("GET", path);
    assert.match(headers.get("x-tt-logid") ?? "", /^20260102030406[0-9A-F]{20}$/);
    assert.match(headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/);
    assert.equal(headers.get("x-sandbox-clock-offset"), "1.5");
    assert.equal(headers.get("x-sandbox-clock-seq"), "1");
  },
);

Deno.test("serveSandbox() spells its headers as Feishu does, which some clients look them up by", async () => {
  await using sandbox = await ListeningSandbox.start();
  for (const path of [PATHS.tenantToken, "/nothing", "/_sandbox/state"]) {
    const answer = await rawHttp(
      sandbox.port,
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`,
    );
    assert.match(answer, /^X-Tt-Logid: \d{14}[0-9A-F]{20}\r$/m);
    assert.match(answer, /^X-Request-Id: [0-9a-f-]{36}\r$/m);
    assert.match(answer, /^Content-Type: /m);
  }
});

Deno.test("serveSandbox() logs a line at debug for each call when it is over", async () => {
  const log = new RecordingLog();
  await using sandbox = await ListeningSandbox.start(log);
  const token = await sandbox.logIn("v2");
  const { headers } = await sandbox.refresh(token);
  const { level, fields } = log.only("sandbox call");
  assert.deepEqual([level, fields], ["debug", {
    seq: 1,
    method: "POST",
    path: PATHS.v2,
    app_id: "cli_5a4db0c000000001",
    grant_type: "refresh_token",
    outcome: "accepted",
    code: 0,
    log_id: headers.get("x-tt-logid"),
    client: undefined,
    end: "answered",
  }]);
});

Deno.test("serveSandbox() logs how a call ended that got no answer", async () => {
  const log = new RecordingLog();
  await using sandbox = await ListeningSandbox.start(log);
  await sandbox.fault({ kind: "drop_after", times: 1 });
  await assert.rejects(sandbox.tenantToken());
  const { outcome, end } = log.only("sandbox call").fields;
  assert.deepEqual([outcome, end], ["dropped_after", "cut"]);
});

Deno.test("serveSandbox() logs nothing that a caller chose", async () => {
  const log = new RecordingLog();
  await using sandbox = await ListeningSandbox.start(log);
  const planted = "plantedSecretInTheWrongPlace";
  await sandbox.send("POST", `/${planted}?key=${planted}`, { app_id: planted });
  await sandbox.send("POST", PATHS.v2, {
    grant_type: planted,
    client_id: planted,
    client_secret: planted,
    refresh_token: planted,
  });
  assert.deepEqual(log.lines.map(({ fields }) => [fields["path"], fields["app_id"]]), [
    ["(unknown)", "(unknown)"],
    [PATHS.v2, "(unknown)"],
  ]);
  assert.doesNotMatch(JSON.stringify(log.lines), /planted/);
});

Deno.test("serveSandbox() says the length and type of its JSON", async () => {
  await using sandbox = await ListeningSandbox.start();
  const { headers, text } = await sandbox.tenantToken();
  assert.equal(headers.get("content-type"), "application/json; charset=utf-8");
  assert.equal(Number(headers.get("content-length")), text.length);
});

Deno.test("close() cuts what hangs, what is slow and what polls, and can be repeated", async () => {
  const sandbox = await ListeningSandbox.start();
  await sandbox.fault({ path: "v3/token", kind: "hang" });
  await sandbox.fault({ path: "v2/oauth", kind: "slow", ms: 1_000 });
  const cut = Promise.all([
    assert.rejects(sandbox.send("POST", PATHS.v3, {})),
    assert.rejects(sandbox.send("POST", PATHS.v2, {})),
    assert.rejects(sandbox.send("GET", "/_sandbox/clock?after=0")),
  ]);
  await sandbox.base.untilSleeping(2);
  while ((await sandbox.calls()).length < 2);
  await sandbox.close();
  await cut;
  await sandbox.close();
  assert.equal(sandbox.base.sleeping, 0);
});

Deno.test("serveSandbox() refuses a body beyond 1 MiB and goes on", async () => {
  await using sandbox = await ListeningSandbox.start();
  const { status } = await sandbox.send("POST", PATHS.v2, "x".repeat(1_048_577));
  assert.equal(status, 413);
  assert.deepEqual(await sandbox.outcomes(), [["refused", null]]);
  assert.equal((await sandbox.tenantToken()).status, 200);
});

Deno.test("serveSandbox() answers 404 to a target that no URL can hold", async () => {
  await using sandbox = await ListeningSandbox.start();
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: sandbox.port });
  await connection.write(
    new TextEncoder().encode("GET //[ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
  );
  assert.match(await new Response(connection.readable).text(), /^HTTP\/1\.1 404 /);
});

Deno.test("serveSandbox() records a client that leaves amid its request as dropped_before", async () => {
  await using sandbox = await ListeningSandbox.start();
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: sandbox.port });
  await connection.write(
    new TextEncoder().encode(`POST ${PATHS.v2} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{`),
  );
  while ((await sandbox.calls()).length < 1);
  connection.close();
  while ((await sandbox.outcomes())[0]?.[0] === "pending");
  assert.deepEqual(await sandbox.outcomes(), [["dropped_before", null]]);
});

Deno.test("close() cuts a connection amid its request", async () => {
  await using sandbox = await ListeningSandbox.start();
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: sandbox.port });
  await connection.write(
    new TextEncoder().encode(`POST ${PATHS.v2} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{`),
  );
  while ((await sandbox.calls()).length < 1);
  await sandbox.close();
  // A cut may arrive as an end or as a reset, depending on what was still unread.
  assert.equal(await connection.read(new Uint8Array(1)).catch(() => null), null);
});
