import assert from "node:assert/strict";
import { readPage } from "../docs/pages.ts";
import { findDenoKv, startDenoKv } from "../support/denokv.ts";
import { findNginx, Nginx } from "./nginx.ts";
import type { ProgramEnd } from "./program.ts";
import { World } from "./world.ts";

const NAME = "tokens.example.com";
const nginx = await findNginx();
if (nginx === undefined) {
  await Deno.stdout.write(
    new TextEncoder().encode("SKIPPED: no nginx, so that docs/deploy.md's is not run\n"),
  );
}

/** The nginx block of `docs/deploy.md` that serves `name`. */
async function documented(name: string): Promise<string> {
  const blocks = [...(await readPage("docs/deploy.md")).matchAll(/^```text\n(.*?)^```$/gms)];
  const block = blocks.map(([, text = ""]) => text).find((text) => text.includes(`server_name ${name};`));
  assert.ok(block, `no nginx block for ${name}`);
  return block;
}

Deno.test({
  name: "docs/deploy.md's nginx block passes the name, the scheme and the caller on",
  ignore: nginx === undefined,
  async fn(): Promise<void> {
    await using world = await World.create();
    const server = await world.start({
      env: {
        ...await world.bareEnv(),
        FEISHU_TOKEN_ALLOWED_HOSTS: NAME,
        FEISHU_TOKEN_TRUSTED_PROXIES: "127.0.0.1",
      },
    });
    const url = new URL(await server.listens());
    await using proxy = await Nginx.start(nginx ?? "", await documented(NAME), {
      name: NAME,
      upstream: "127.0.0.1:8081",
      to: url.host,
    });
    const page = await asked(proxy, { "accept-language": "zh-CN" });
    assert.ok(page.includes(`<code>https://${NAME}/mcp</code>`), page);
    assert.ok(page.includes('<html lang="zh-CN">'));
    // Nothing that is for this machine alone.
    assert.ok(!page.includes(world.home));
    const listed = await asked(proxy, {
      accept: "application/json, text/event-stream",
      "content-type": "application/json",
      forwarded: "for=198.51.100.7;proto=http",
    }, JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }));
    assert.match(listed, /get_feishu_app_token/);
  },
});

const denokv = await findDenoKv();

Deno.test({
  name: "docs/deploy.md's nginx block for denokv opens the store, and without HTTP/2 it does not",
  ignore: nginx === undefined || denokv === undefined,
  async fn(): Promise<void> {
    await using world = await World.create();
    await using kv = await startDenoKv(denokv ?? "", world.home);
    const block = await documented("kv.example.com");
    const opened = async (own: string): Promise<ProgramEnd> => {
      await using proxy = await Nginx.start(nginx ?? "", own, {
        name: "kv.example.com",
        upstream: "127.0.0.1:4512",
        to: new URL(kv.url).host,
      });
      await Deno.writeTextFile(`${world.home}/ca.pem`, proxy.certificate);
      const program = await world.start({
        env: {
          ...await world.env(),
          DENO_CERT: `${world.home}/ca.pem`,
          DENO_KV_ACCESS_TOKEN: kv.accessToken,
          FEISHU_TOKEN_KV: `https://localhost:${proxy.port}`,
        },
      });
      await program.says(/"event":"listening"|^feishu-token-mcp: /m);
      if (program.stderr.includes("listening")) program.kill("SIGTERM");
      return await program.end();
    };
    const { code, stderr } = await opened(block);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /"event":"listening"/);
    const refused = await opened(block.replace(" http2;", ";"));
    assert.equal(refused.code, 2, refused.stderr);
    assert.match(refused.stderr, /^feishu-token-mcp: The token store at https:/m);
  },
});

/** Asks through the proxy, under the server's name: the page, or `/mcp` with `body`. */
async function asked(proxy: Nginx, headers: Record<string, string>, body?: string): Promise<string> {
  using client = Deno.createHttpClient({ caCerts: [proxy.certificate], allowHost: true });
  const response = await fetch(`https://localhost:${proxy.port}/${body === undefined ? "" : "mcp"}`, {
    client,
    headers: { ...headers, host: NAME },
    ...(body === undefined ? {} : { method: "POST", body }),
  });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return text;
}
