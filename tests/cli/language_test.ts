import assert from "node:assert/strict";
import { ListeningSandbox } from "../sandbox/served_sandbox.ts";
import { CommandHome, credentialsOf } from "./token/token_platform.ts";

/** What Deno 2.9.6 throws where a company's proxy shows its own certificate. */
function untrusted(): Promise<Response> {
  return Promise.reject(
    new TypeError("fetch failed", {
      cause: new Error("client error (Connect): invalid peer certificate: UnknownIssuer"),
    }),
  );
}

const APP = { FEISHU_APP_ID: "cli_a1b2c3", FEISHU_APP_SECRET: "made-up" };

Deno.test.each<[string, Record<string, string>, string[], RegExp]>([
  ["English", {}, [], /^feishu-token-mcp: No Feishu app credentials/],
  [
    "Chinese",
    { FEISHU_TOKEN_LANG: "zh" },
    [],
    /^feishu-token-mcp: 未配置飞书应用凭证。请运行一次 .*并重新运行/,
  ],
  ["Chinese", { LANG: "zh_CN.UTF-8" }, [], /^feishu-token-mcp: 未配置飞书应用凭证/],
  ["Chinese", {}, ["--lang", "zh"], /^feishu-token-mcp: 未配置飞书应用凭证/],
  ["English", { FEISHU_TOKEN_LANG: "zh" }, ["--lang", "en"], /^feishu-token-mcp: No Feishu app credentials/],
])("`token app` says in %s that there are no credentials: %j %j", async (_language, env, flags, line) => {
  await using home = await CommandHome.make();
  const { stderr } = await home.run(["token", "app", ...flags], { env });
  assert.match(stderr, line);
});

Deno.test("`token app` gives programs Chinese texts and the same code", async () => {
  await using home = await CommandHome.make();
  const { exitCode, stderr } = await home.run(["token", "app", "--json", "--lang", "zh"]);
  const { code, kind, message } = JSON.parse(stderr);
  assert.deepEqual([exitCode, code, kind, message], [
    3,
    "credentials_missing",
    "config",
    "未配置飞书应用凭证",
  ]);
});

Deno.test.each<[string, RegExp]>([
  [
    "en",
    /is not trusted \(UnknownIssuer\); .*set DENO_CERT or DENO_TLS_CA_STORE=system\. Try again in \d+ s/,
  ],
  ["zh", /证书不受信任（UnknownIssuer）；.*请设置 DENO_CERT 或 DENO_TLS_CA_STORE=system。请在 \d+ 秒后重试/],
])(
  "`token app --lang %s` names the settings for certificates when one is not trusted",
  async (lang, line) => {
    await using home = await CommandHome.make();
    const { exitCode, stderr } = await home.run(["token", "app", "--lang", lang], {
      env: APP,
      fetch: untrusted,
    });
    assert.equal(exitCode, 5);
    assert.match(stderr, line);
  },
);

Deno.test.each([
  ["feishu", "https://open.feishu.cn/app"],
  ["lark", "https://open.larksuite.com/app"],
])("`token app` names the console of the app when its secret is refused: %s", async (brand, url) => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const { stderr } = await home.run(["token", "app"], {
    env: { ...credentialsOf(sandbox), FEISHU_APP_SECRET: "wrong", FEISHU_BRAND: brand },
  });
  assert.deepEqual(stderr.match(/https:[\w./]+/g), [url]);
});

Deno.test.each<[string, readonly string[], Record<string, string>, RegExp]>([
  ["nothing names a home", [], { HOME: "" }, /^feishu-token-mcp: 未设置 HOME：请用 --kv PATH/],
  [
    "the store cannot be made",
    ["--kv", "/proc/planted/kv"],
    {},
    /^feishu-token-mcp: 无法创建文件夹 \/proc\/planted：.*；请用 --kv PATH/,
  ],
  [
    "no sandbox is there",
    ["--sandbox-url", "http://127.0.0.1:9"],
    {},
    /^feishu-token-mcp: http:\S+ 上没有沙箱/,
  ],
])("main.ts says in one Chinese line why it does not start when %s", async (_case, flags, env, line) => {
  await using home = await CommandHome.make();
  const { exitCode, stderr } = await home.run(["--lang", "zh", "--port", "0", ...flags], { env });
  assert.equal(exitCode, 2);
  assert.match(stderr, line);
  assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
});

Deno.test("main.ts says in Chinese that the port is in use", async () => {
  await using home = await CommandHome.make();
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { stderr } = await home.run(["--lang", "zh", "--kv", ":memory:", "--port", String(taken.addr.port)]);
  assert.match(stderr, /feishu-token-mcp: 无法监听 127\.0\.0\.1:\d+：端口已被占用；请用 --port 换一个端口/);
});
