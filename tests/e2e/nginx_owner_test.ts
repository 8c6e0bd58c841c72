import assert from "node:assert/strict";
import { createLoginOwner } from "../../src/http/security/login_owner.ts";
import type { LoginOwner } from "../../src/ports/login_owner.ts";
import { createTestServer, type TestServer, toolCall } from "../mcp/test_server.ts";
import { findNginx, Nginx } from "./nginx.ts";

const nginx = await findNginx();
if (nginx === undefined) {
  await Deno.stdout.write(
    new TextEncoder().encode("SKIPPED: no nginx, so that logins behind one are not tried\n"),
  );
}

/** The address in the blocks below that is replaced by the server's. */
const UPSTREAM = "127.0.0.1:8081";
const BARE = `proxy_pass http://${UPSTREAM};`;
const KEPT_ALIVE = `${BARE} proxy_http_version 1.1; proxy_set_header Connection "";`;

/** What nginx is told, and whose logins a caller behind it then has. */
const LOCATIONS: readonly (readonly [string, string, LoginOwner | undefined])[] = [
  ["nothing but proxy_pass", BARE, undefined],
  ["X-Forwarded-For", `${BARE} proxy_set_header X-Forwarded-For $remote_addr;`, undefined],
  ["X-Real-IP and HTTP/1.1", `${KEPT_ALIVE} proxy_set_header X-Real-IP $remote_addr;`, undefined],
  // docs/security.md names it: nothing in such a request is the proxy's own.
  ["HTTP/1.1 without any header", KEPT_ALIVE, "local"],
];

for (const [told, location, expected] of LOCATIONS) {
  Deno.test({
    name: `behind nginx that is told ${told}, a caller's logins are ${expected ?? "none"}`,
    ignore: nginx === undefined,
    async fn(): Promise<void> {
      assert.equal(await ownerBehind(location, { isPublished: false }), expected);
    },
  });
}

Deno.test({
  name: "behind nginx nobody has logins where the server has a public name, whatever nginx is told",
  ignore: nginx === undefined,
  async fn(): Promise<void> {
    for (const [, location] of LOCATIONS) {
      assert.equal(await ownerBehind(location, { isPublished: true }), undefined);
    }
  },
});

Deno.test("without a proxy a program of this machine has its logins", async () => {
  const server = await listening({ isPublished: false });
  await using _ = server.http;
  assert.equal(await ownerOf(server, server.url), "local");
});

interface ListeningServer extends Pick<TestServer, "logins"> {
  readonly http: Deno.HttpServer<Deno.NetAddr>;
  readonly url: string;
}

/** A server on loopback that uses its own app. */
function listening({ isPublished }: { readonly isPublished: boolean }): Promise<ListeningServer> {
  const loginOwner = createLoginOwner({
    isBoundToLoopback: () => true,
    isPublished,
    allowsSessionLogins: false,
  });
  const { app, logins } = createTestServer({ loginOwner });
  return new Promise((resolve) => {
    const http = Deno.serve({
      hostname: "127.0.0.1",
      port: 0,
      onListen: ({ port }) =>
        queueMicrotask(() => resolve({ http, logins, url: `http://127.0.0.1:${port}` })),
    }, app);
  });
}

async function ownerBehind(
  location: string,
  options: { readonly isPublished: boolean },
): Promise<LoginOwner | undefined> {
  const server = await listening(options);
  await using _ = server.http;
  const block =
    `server { listen 443 ssl; ssl_certificate c; ssl_certificate_key k; location / { ${location} } }`;
  await using proxy = await Nginx.start(nginx ?? "", block, {
    name: "localhost",
    upstream: UPSTREAM,
    to: new URL(server.url).host,
  });
  using client = Deno.createHttpClient({ caCerts: [proxy.certificate] });
  return await ownerOf(server, `https://localhost:${proxy.port}`, client);
}

/** Whose logins a call to `url` may use. */
async function ownerOf(
  { logins }: ListeningServer,
  url: string,
  client?: Deno.HttpClient,
): Promise<LoginOwner | undefined> {
  const response = await fetch(`${url}/mcp`, {
    method: "POST",
    headers: { "accept": "application/json, text/event-stream", "content-type": "application/json" },
    body: JSON.stringify(toolCall("list_feishu_logins")),
    ...(client === undefined ? {} : { client }),
  });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  const [call = assert.fail(text)] = logins.calls;
  return call.owner;
}
