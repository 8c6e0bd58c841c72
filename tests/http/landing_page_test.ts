import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createLandingPage } from "../../src/http/landing_page.ts";
import { LANDING_TEXTS } from "../../src/http/landing_texts.ts";
import { createTestServer } from "../mcp/test_server.ts";
import { TEST_CREDENTIALS } from "../mcp/memory_token_service.ts";
import { verbatim } from "../../src/errors/verbatim.ts";

const TOOLS = [{ name: "get_x", title: verbatim('Get <X> & "Y"') }];
const renderPage = createLandingPage({ version: "1.2.3", tools: TOOLS, language: "en" });

Deno.test("createLandingPage() shows the address to connect to", async () => {
  const page = await renderPage({ origin: "http://127.0.0.1:9999", isConfigured: true }).text();
  assert.match(page, /claude mcp add --transport http feishu-token http:\/\/127\.0\.0\.1:9999\/mcp/);
});

Deno.test.each([
  [true, "App credentials configured"],
  [false, "No app credentials"],
])("createLandingPage() says whether there are credentials: %s", async (isConfigured, sentence) => {
  const page = await renderPage({ origin: "http://localhost", isConfigured }).text();
  assert.ok(page.includes(sentence));
});

Deno.test("createLandingPage() escapes what it is given", async () => {
  const page = await renderPage({ origin: "http://localhost", isConfigured: true }).text();
  assert.ok(page.includes("Get &lt;X&gt; &amp; &quot;Y&quot;"));
});

Deno.test("createLandingPage() allows its own style sheet and nothing else", async () => {
  const response = renderPage({ origin: "http://localhost", isConfigured: true });
  const style = /<style>([^]*)<\/style>/.exec(await response.text())?.[1] ?? "";
  const hash = createHash("sha256").update(style).digest("base64");
  assert.equal(
    response.headers.get("content-security-policy"),
    `default-src 'none'; style-src 'sha256-${hash}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
  );
});

Deno.test("createLandingPage() has no script and loads nothing", async () => {
  const page = await renderPage({ origin: "http://localhost", isConfigured: true }).text();
  assert.doesNotMatch(page, /<script|<img|<link|\bsrc=|\bstyle=|url\(|@import/);
});

Deno.test("createLandingPage() shows no part of the credentials when it is served", async () => {
  const { app } = createTestServer();
  const page = await (await app(new Request("http://localhost/"))).text();
  assert.ok(!page.includes(TEST_CREDENTIALS.appId) && !page.includes(TEST_CREDENTIALS.appSecret.reveal()));
});

Deno.test("createLandingPage() speaks Chinese when the server does", async () => {
  const inChinese = createLandingPage({ version: "1.2.3", tools: TOOLS, language: "zh" });
  const page = await inChinese({ origin: "http://localhost", isConfigured: false }).text();
  assert.match(page, /<html lang="zh-CN">/);
  for (const { en, zh } of Object.values(LANDING_TEXTS)) {
    assert.ok(page.includes(zh) || zh === LANDING_TEXTS.configured.zh, zh);
    assert.ok(!page.includes(`>${en}<`), en);
  }
});
