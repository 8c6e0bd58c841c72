import assert from "node:assert/strict";
import { PROGRAM_ARGS } from "../clients/running_server.ts";
import { rawHttp } from "../http/raw_http.ts";
import { toolCall } from "../mcp/test_server.ts";
import { eventually } from "../support/eventually.ts";
import { getAppToken, refresh } from "./tool_answer.ts";
import { World } from "./world.ts";

const SECRET = "qPlantedSecretPlantedSecret00001";
/** Enough to start and to serve, and used up by some dozens of connections. */
const DESCRIPTORS = 90;
const FEW_DESCRIPTORS = ["sh", "-c", `ulimit -n ${DESCRIPTORS}; exec "$@"`, "sh"];
const MCP_HEAD = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nAccept: application/json, text/event-stream\r\n" +
  "Content-Type: application/json\r\n";

function portOf(url: string): number {
  return Number(new URL(url).port);
}

/** Opens connections until no more are accepted. */
async function openAll(port: number, says: () => boolean): Promise<Deno.TcpConn[]> {
  const open: Deno.TcpConn[] = [];
  while (!says() && open.length < 4 * DESCRIPTORS) {
    try {
      open.push(await Deno.connect({ hostname: "127.0.0.1", port }));
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  return open;
}

Deno.test({
  name: "main.ts without a descriptor left serves what it has accepted, loses no pair, and accepts again",
  ignore: Deno.build.os === "windows",
  async fn(): Promise<void> {
    await using world = await World.create();
    const first = await world.feishu.logIn();
    const server = await world.start({ wrapper: FEW_DESCRIPTORS });
    const url = await server.listens();
    await getAppToken(url);
    await world.feishu.fault({ kind: "hang", path: "oauth/token" });
    const renewal = refresh(url, first);
    await world.feishu.until(1, "pending");

    const kept = await Deno.connect({ hostname: "127.0.0.1", port: portOf(url) });
    await ping(kept);
    const idle = await openAll(portOf(url), () => /no connection can be accepted/.test(server.stderr));
    await server.says(/"level":"error","event":"no connection can be accepted[^}]*"os_error":24/);
    await ping(kept);
    await world.feishu.clearFaults();
    const pair = await renewal;
    kept.close();
    for (const connection of idle) connection.close();

    await eventually(() => "a server that accepts", () => getAppToken(url).then(() => true, () => false));
    assert.equal((await refresh(url, first)).refresh_token, pair.refresh_token);
    assert.deepEqual(await world.feishu.refreshes(), ["accepted"]);
    server.kill("SIGTERM");
    assert.equal((await server.end()).code, 0);
  },
});

/** Asks for the tools on `connection`, and reads some of the answer. */
async function ping(connection: Deno.TcpConn): Promise<void> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" });
  await connection.write(
    new TextEncoder().encode(`${MCP_HEAD}Content-Length: ${body.length}\r\n\r\n${body}`),
  );
  assert.match(await readSome(connection), /^HTTP\/1\.1 200 /);
}

Deno.test("main.ts stops at once though a body never comes to its end, and finishes a renewal", async () => {
  await using world = await World.create();
  const first = await world.feishu.logIn();
  await world.feishu.faultNextRefresh({ kind: "hang" });
  const server = await world.start();
  const url = await server.listens();
  const stuck = await Promise.all([100, 100_000].map(async (length) => {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port: portOf(url) });
    await connection.write(new TextEncoder().encode(`${MCP_HEAD}Content-Length: ${length}\r\n\r\n{`));
    return connection;
  }));
  await getAppToken(url);
  const renewal = refresh(url, first);
  await world.feishu.until(1, "pending");
  const startedMs = performance.now();
  server.kill("SIGTERM");
  await server.says(/"event":"stopping/);
  await world.feishu.clearFaults();
  assert.equal((await renewal).replayed, false);
  const answers = await Promise.all(stuck.map(readSome));
  assert.equal((await server.end()).code, 0);
  // Not a time limit: such a body used up the deadline, which is 40 s.
  assert(performance.now() - startedMs < 30_000);
  for (const connection of stuck) connection.close();
  for (const answer of answers) assert.match(answer, /^HTTP\/1\.1 503 [^]*retry-after: 1/i);
});

/** The beginning of the answer on `connection`. */
async function readSome(connection: Deno.TcpConn): Promise<string> {
  const buffer = new Uint8Array(4096);
  return new TextDecoder().decode(buffer.subarray(0, await connection.read(buffer) ?? 0));
}

Deno.test("main.ts lives on though hundreds of calls wait whose messages held many small objects", async () => {
  await using world = await World.create();
  // So little that what such messages hold would end it, and so much that nothing else does.
  const server = await world.start({
    denoArgs: ["run", "--v8-flags=--max-old-space-size=200", ...PROGRAM_ARGS.slice(1)],
  });
  const url = await server.listens();
  await world.feishu.fault({ kind: "hang" });
  const _meta = { heap: Array.from({ length: 42_000 }, () => ({})) };
  const body = JSON.stringify({
    ...toolCall("get_feishu_app_token") as object,
    params: { name: "get_feishu_app_token", _meta },
  });
  const answers: Promise<string>[] = [];
  for (let i = 0; i < 250; i++) {
    const head = `${MCP_HEAD}Connection: close\r\nContent-Length: ${body.length}\r\n\r\n`;
    answers.push(rawHttp(portOf(url), head + body));
    // One after the other, so that all wait for Feishu at last, and none is turned away.
    if (i % 10 === 0) await (await fetch(url.replace(/mcp$/, "healthz"))).body?.cancel();
  }
  await world.feishu.clearFaults();
  for (const answer of await Promise.all(answers)) assert.match(answer, /^HTTP\/1\.1 200 /);
  assert.equal(typeof (await getAppToken(url)).app_access_token, "string");
});

Deno.test("main.ts logs nothing of a secret that stands in the wrong place", async () => {
  await using world = await World.create();
  const server = await world.start({ env: await world.bareEnv(), args: ["--log-level", "debug"] });
  const url = await server.listens();
  const port = portOf(url);
  const targets = [
    `/mcp?app_secret=${SECRET}`,
    `/mcp&app_secret=${SECRET}`,
    `/mcp%3Fapp_secret=${SECRET}`,
    `/mcp/${SECRET}`,
    `/${SECRET}`,
    `http://localhost/${SECRET}`,
    `http://${SECRET}/mcp`,
    `http://x:99999/mcp?app_secret=${SECRET}`,
    `http://user:${SECRET}@localhost/mcp`,
  ];
  const hosts = [
    "localhost",
    "127.0.0.1:99999",
    "[fe80::1%25eth0]:8081",
    "127.0.0.1, evil",
    "[",
    "%zz",
    SECRET,
  ];
  for (const target of targets) {
    for (const host of hosts) {
      const answer = await rawHttp(
        port,
        `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nOrigin: http://${SECRET}\r\nConnection: close\r\n\r\n`,
      );
      assert.match(answer, /^HTTP\/1\.1 4\d\d [^]*x-request-id: [^]*\r\n\r\n\{/i, `${target} ${host}`);
      assert(!answer.includes(SECRET), answer);
    }
  }
  await rawHttp(port, `${SECRET} /mcp HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  const exchanged = { "x-feishu-app-id": SECRET, "x-feishu-app-secret": "cli_a1b2c3d4e5f6g7h8" };
  const response = await fetch(url, {
    method: "POST",
    headers: {
      accept: "application/json, text/event-stream",
      "content-type": "application/json",
      ...exchanged,
    },
    body: JSON.stringify(toolCall("get_feishu_app_token")),
  });
  assert(!(await response.text()).includes(SECRET));
  server.kill("SIGTERM");
  const { stdout, stderr } = await server.end();
  assert(!(stdout + stderr).includes(SECRET), stderr);
  assert(!/"level":"error"/.test(stderr.replace(/"event":"no token from Feishu".*/g, "")), stderr);
});
