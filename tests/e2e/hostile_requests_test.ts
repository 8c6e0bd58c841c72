import assert from "node:assert/strict";
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
  const buffer = new Uint8Array(4096);
  const length = await connection.read(buffer) ?? 0;
  assert.match(new TextDecoder().decode(buffer.subarray(0, length)), /^HTTP\/1\.1 200 /);
}

Deno.test("main.ts stops at once though a body never comes to its end, and finishes a renewal", async () => {
  await using world = await World.create();
  const first = await world.feishu.logIn();
  await world.feishu.faultNextRefresh({ kind: "slow", ms: 500 });
  const server = await world.start();
  const url = await server.listens();
  const stuck = ["100", String(100_000)].map((length) =>
    rawHttp(portOf(url), `${MCP_HEAD}Content-Length: ${length}\r\n\r\n{`)
  );
  await getAppToken(url);
  const renewal = refresh(url, first);
  await world.feishu.until(1, "pending");
  const startedMs = performance.now();
  server.kill("SIGTERM");
  assert.equal((await renewal).replayed, false);
  assert.equal((await server.end()).code, 0);
  // Not a time limit: the deadline, which such a body would use up, is 40 s.
  assert(performance.now() - startedMs < 30_000);
  for (const answer of await Promise.all(stuck)) {
    assert.match(answer, /^HTTP\/1\.1 503 [^]*retry-after: 1[^]*server is stopping/i);
  }
});

Deno.test("main.ts lives on though hundreds of bodies of many small objects come at once", async () => {
  await using world = await World.create();
  const server = await world.start();
  const url = await server.listens();
  await world.feishu.fault({ kind: "hang" });
  const _meta = { heap: Array.from({ length: 42_000 }, () => ({})) };
  const call = { ...toolCall("get_feishu_app_token") as object };
  const body = JSON.stringify({ ...call, params: { name: "get_feishu_app_token", _meta } });
  const stopped = new AbortController();
  const answers = Array.from({ length: 400 }, () =>
    fetch(url, {
      method: "POST",
      headers: { accept: "application/json, text/event-stream", "content-type": "application/json" },
      body,
      signal: stopped.signal,
    }).then(async (response) => {
      await response.body?.cancel();
      return response.status;
    }));
  await world.feishu.clearFaults();
  for (const status of new Set(await Promise.all(answers))) {
    assert([200, 503].includes(status), String(status));
  }
  stopped.abort();
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
