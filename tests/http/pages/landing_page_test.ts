import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createCallerAddress, type PeerInfo } from "../../../src/http/security/caller_address.ts";
import { createLandingPage, type LandingFacts } from "../../../src/http/pages/landing_page.ts";
import { LANDING_TEXTS } from "../../../src/http/pages/landing_texts.ts";
import type { AboutServer } from "../../../src/http/routes.ts";
import { readAddressRange } from "../../../src/net/address_range.ts";
import { createTestServer } from "../../mcp/test_server.ts";
import { TEST_CREDENTIALS } from "../../mcp/memory_token_service.ts";
import { verbatim } from "../../../src/errors/verbatim.ts";

const TOOLS = [{ name: "get_x", title: verbatim('Get <X> & "Y"') }];
const FEISHU = { brand: "feishu", isSandbox: false } as const;
const NONE = { brand: undefined, isSandbox: false } as const;
const renderPage = createLandingPage({ version: "1.2.3", tools: TOOLS, language: "en" });

Deno.test("createLandingPage() shows the address to connect to", async () => {
  const page = await renderPage({ origin: "http://127.0.0.1:9999", ...FEISHU }).text();
  assert.match(page, /claude mcp add --transport http feishu-token http:\/\/127\.0\.0\.1:9999\/mcp/);
});

Deno.test.each<[Omit<LandingFacts, "origin">, string]>([
  [FEISHU, "<b>App credentials configured</b>: Feishu (open.feishu.cn)"],
  [{ ...FEISHU, brand: "lark" }, "<b>App credentials configured</b>: Lark (open.larksuite.com)"],
  [NONE, "No app credentials"],
  [{ ...FEISHU, isSandbox: true }, "its tokens work nowhere else"],
  [{ ...FEISHU, isSandbox: true }, "<b>App credentials configured</b>: the sandbox's app"],
])("createLandingPage() says of %j: %s", async (facts, sentence) => {
  const page = await renderPage({ origin: "http://localhost", ...facts }).text();
  assert.ok(page.includes(sentence));
});

Deno.test("createLandingPage() says nothing of a sandbox where there is none", async () => {
  assert.doesNotMatch(
    await renderPage({ origin: "http://localhost", ...FEISHU }).text(),
    /sandbox|worthless/i,
  );
});

Deno.test("createLandingPage() shows this machine its app and store, escaped", async () => {
  const forThisMachine = { appId: "cli_a1b2c3d4", store: verbatim("/home/<me>/tokens.kv") };
  const page = await renderPage({ origin: "http://localhost", ...FEISHU, forThisMachine }).text();
  assert.match(page, /<dt>App ID<\/dt><dd><code>cli_a1b2c3d4<\/code>/);
  assert.match(page, /<code>\/home\/&lt;me&gt;\/tokens\.kv<\/code>/);
});

Deno.test("the page shows no App ID that may be a secret in the wrong place", async () => {
  const { app } = createTestServer({
    about: ABOUT,
    credentials: () => () => ({ ...TEST_CREDENTIALS, appId: "qSecretInTheWrongPlace00000001" }),
  });
  const page = await (await app(new Request("http://localhost/"), HERE)).text();
  assert.doesNotMatch(page, /qSecret/);
});

const STORE = "/home/planted/tokens.kv";
const ABOUT = { isSandbox: false, store: verbatim(STORE), isPublished: false };
const HERE = { remoteAddr: { transport: "tcp", hostname: "127.0.0.1", port: 50_000 } } as const;
const ELSEWHERE = { remoteAddr: { transport: "tcp", hostname: "192.0.2.7", port: 50_000 } } as const;

Deno.test("the page tells a reader on this machine which app and store it is", async () => {
  const { app } = createTestServer({ about: ABOUT });
  const page = await (await app(new Request("http://localhost/"), HERE)).text();
  assert.ok(page.includes(TEST_CREDENTIALS.appId) && page.includes(STORE));
});

Deno.test.each<[string, AboutServer, PeerInfo | undefined, Record<string, string>]>([
  ["from another machine", ABOUT, ELSEWHERE, {}],
  ["through a proxy", ABOUT, HERE, { "x-forwarded-for": "127.0.0.1" }],
  ["of a server that has names of its own", { ...ABOUT, isPublished: true }, HERE, {}],
  ["that comes over no connection", ABOUT, undefined, {}],
])("the page does not tell a reader %s", async (_case, about, peer, headers) => {
  const { app } = createTestServer({ about });
  const page = await (await app(new Request("http://localhost/", { headers }), peer)).text();
  assert.ok(!page.includes(TEST_CREDENTIALS.appId) && !page.includes(STORE));
});

Deno.test("the page shows https where a trusted proxy says so, and only then", async () => {
  const shown = async (trusted: string): Promise<string> => {
    const range = readAddressRange(trusted);
    assert.ok(range !== undefined);
    const { app } = createTestServer({
      callerAddress: await createCallerAddress([range]),
      guard: { allowedHosts: new Set(["tokens.example.com"]) },
    });
    const headers = {
      host: "tokens.example.com",
      "x-forwarded-for": "192.0.2.7",
      "x-forwarded-proto": "https",
    };
    return await (await app(new Request("http://tokens.example.com/", { headers }), HERE)).text();
  };
  assert.match(await shown("127.0.0.1"), /https:\/\/tokens\.example\.com\/mcp/);
  assert.match(await shown("10.0.0.0/8"), /[^s]:\/\/tokens\.example\.com\/mcp/);
});

Deno.test.each([
  ["zh-CN,zh;q=0.9,en;q=0.8", "en", "zh-CN"],
  ["en-US,en;q=0.5", "zh", "en"],
  ["fr", "zh", "zh-CN"],
])("the page follows Accept-Language %s over the server's %s", async (header, language, lang) => {
  const { app } = createTestServer({ language: language === "zh" ? "zh" : "en" });
  const response = await app(new Request("http://localhost/", { headers: { "accept-language": header } }));
  assert.equal(response.headers.get("vary"), "accept-language");
  assert.ok((await response.text()).includes(`<html lang="${lang}">`));
});

Deno.test("createLandingPage() escapes what it is given", async () => {
  const page = await renderPage({ origin: "http://localhost", ...FEISHU }).text();
  assert.ok(page.includes("Get &lt;X&gt; &amp; &quot;Y&quot;"));
});

Deno.test("createLandingPage() allows its own style sheet and nothing else", async () => {
  const response = renderPage({ origin: "http://localhost", ...FEISHU });
  const style = /<style>([^]*)<\/style>/.exec(await response.text())?.[1] ?? "";
  const hash = createHash("sha256").update(style).digest("base64");
  assert.equal(
    response.headers.get("content-security-policy"),
    `default-src 'none'; style-src 'sha256-${hash}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
  );
});

Deno.test("createLandingPage() has no script and loads nothing", async () => {
  const page = await renderPage({ origin: "http://localhost", ...FEISHU }).text();
  assert.doesNotMatch(page, /<script|<img|<link|\bsrc=|\bstyle=|url\(|@import/);
});

Deno.test("createLandingPage() shows no part of the credentials when it is served", async () => {
  const { app } = createTestServer();
  const page = await (await app(new Request("http://localhost/"))).text();
  assert.ok(!page.includes(TEST_CREDENTIALS.appId) && !page.includes(TEST_CREDENTIALS.appSecret.reveal()));
});

Deno.test("createLandingPage() speaks Chinese when the server does", async () => {
  const inChinese = createLandingPage({ version: "1.2.3", tools: TOOLS, language: "zh" });
  const forThisMachine = { appId: "cli_a1b2c3d4", store: { en: "in memory", zh: "在内存中" } };
  const variants: readonly Omit<LandingFacts, "origin">[] = [
    NONE,
    FEISHU,
    { ...FEISHU, brand: "lark" },
    { ...FEISHU, isSandbox: true, forThisMachine },
    { ...NONE, needsKey: true },
  ];
  const pages = await Promise.all(
    variants.map((facts) => inChinese({ origin: "http://localhost", ...facts }).text()),
  );
  const page = pages.join("\n");
  assert.match(page, /<html lang="zh-CN">/);
  for (const { en, zh } of Object.values(LANDING_TEXTS)) {
    assert.ok(page.includes(zh), zh);
    assert.ok(!page.includes(`>${en}<`), en);
  }
});
