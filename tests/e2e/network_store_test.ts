import assert from "node:assert/strict";
import { errorCode } from "../clients/expected_answers.ts";
import { type DenoKvServer, findDenoKv, startDenoKv } from "../support/denokv.ts";
import { readiness, untilReady } from "./readiness.ts";
import { callTool, getAppToken, refresh, userTokenIn } from "./tool_answer.ts";
import { World } from "./world.ts";

const KEY = `k1:${new Uint8Array(32).fill(7).toBase64()}`;

const denokv = await findDenoKv();

async function networkEnv(world: World, server: Pick<DenoKvServer, "url" | "accessToken">): Promise<
  Record<string, string>
> {
  return {
    ...await world.env(),
    FEISHU_TOKEN_KV: server.url,
    DENO_KV_ACCESS_TOKEN: server.accessToken,
    FEISHU_TOKEN_KEY: KEY,
  };
}

/** Checks that a server with `env` ends with 2 and the one line `pattern`. */
async function assertRefused(world: World, env: Record<string, string>, pattern: RegExp): Promise<void> {
  const { code, stderr } = await (await world.start({ env, cwd: world.home })).end();
  const lines = stderr.trimEnd().split("\n").filter((line) => !line.startsWith("KV Connect failed to call"));
  assert.equal(lines.length, 1, stderr);
  assert.match(lines[0] ?? "", pattern);
  assert.equal(code, 2);
}

Deno.test({
  name: "main.ts on a database on the network names what is wrong with its access token, and ends",
  ignore: denokv === undefined,
  async fn(): Promise<void> {
    if (denokv === undefined) return;
    await using world = await World.create();
    await using server = await startDenoKv(denokv, world.home);
    const env = await networkEnv(world, server);
    await assertRefused(
      world,
      { ...env, DENO_KV_ACCESS_TOKEN: "planted-wrong-access-token" },
      /refused the access token.*DENO_KV_ACCESS_TOKEN/,
    );
    const { DENO_KV_ACCESS_TOKEN: _unset, ...without } = env;
    await assertRefused(world, without, /needs an access token.*DENO_KV_ACCESS_TOKEN/);
    const wrongKey = { ...env, FEISHU_TOKEN_KEY: `k2:${new Uint8Array(32).fill(8).toBase64()}` };
    const right = await world.start({ env });
    await right.listens();
    await assertRefused(world, wrongKey, /made with the key "k1".*FEISHU_TOKEN_KEY/);
  },
});

/** A server that accepts connections and answers as `answer` does. */
function tcpServer(answer: (connection: Deno.Conn) => Promise<void>): { url: string } & AsyncDisposable {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connections: Deno.Conn[] = [];
  const serving = (async () => {
    for await (const connection of listener) {
      connections.push(connection);
      answer(connection).catch(() => {});
    }
  })();
  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    async [Symbol.asyncDispose](): Promise<void> {
      listener.close();
      for (const connection of connections) connection.close();
      await serving;
    },
  };
}

Deno.test.each<[string, string]>([
  ["nobody listens", "http://127.0.0.1:9"],
  ["no machine has the name", "http://no-such-host.invalid"],
  ["the address is none", "http://"],
  ["the scheme is mistyped", "htps://kv.example.com"],
  ["the scheme is missing", "kv.example.com:4512"],
])("main.ts ends with one line that names FEISHU_TOKEN_KV when %s", async (_case, url) => {
  await using world = await World.create();
  const env = await networkEnv(world, { url, accessToken: "planted-access-token" });
  await assertRefused(world, env, /FEISHU_TOKEN_KV/);
});

Deno.test("main.ts ends with one line that names FEISHU_TOKEN_KV when a server there does not answer", async () => {
  await using world = await World.create();
  await using silent = tcpServer(() => Promise.resolve());
  const env = await networkEnv(world, { url: silent.url, accessToken: "planted-access-token" });
  await assertRefused(world, env, /does not answer.*FEISHU_TOKEN_KV/);
});

Deno.test("main.ts ends with one line that names FEISHU_TOKEN_KV when a web server is there", async () => {
  await using world = await World.create();
  await using web = tcpServer(async (connection) => {
    await connection.read(new Uint8Array(1024));
    await connection.write(new TextEncoder().encode("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"));
  });
  const env = await networkEnv(world, { url: web.url, accessToken: "planted-access-token" });
  await assertRefused(world, env, /FEISHU_TOKEN_KV/);
});

Deno.test({
  name: "main.ts goes on while its database on the network is away, and needs no restart afterwards",
  ignore: denokv === undefined,
  async fn(): Promise<void> {
    if (denokv === undefined) return;
    await using world = await World.create();
    await using server = await startDenoKv(denokv, world.home);
    const running = await world.start({ env: await networkEnv(world, server) });
    const url = await running.listens();
    const [first, unspent] = [await world.feishu.logIn(), await world.feishu.logIn()];
    const { app_access_token } = await getAppToken(url);
    const pair = await refresh(url, first);
    await server.kill();

    assert.equal((await getAppToken(url)).app_access_token, app_access_token);
    const served = await callTool(url, "refresh_feishu_user_token", { refresh_token: first });
    assert.match(JSON.stringify(served), /"warning":"The token store does not answer/);
    assert.equal(userTokenIn(served).refresh_token, pair.refresh_token);
    const refused = await callTool(url, "refresh_feishu_user_token", { refresh_token: unspent });
    assert.equal(errorCode(refused), "store_unavailable");
    assert.equal((await readiness(url)).status, 503);
    assert.deepEqual(await world.feishu.refreshes(), ["accepted"]);

    await server.restart();
    await untilReady(url);
    assert.equal((await refresh(url, unspent)).replayed, false);
    assert.deepEqual(await world.feishu.refreshes(), ["accepted", "accepted"]);
    running.kill("SIGTERM");
    assert.equal((await running.end()).code, 0);
  },
});
