import assert from "node:assert/strict";
import { UsageError } from "../../../src/cli/command_line/usage_error.ts";
import { VERSION } from "../../../src/version.ts";
import { launchIn, type LaunchShell } from "./launch_shell.ts";

const APP = { FEISHU_APP_ID: "cli_5a4db0c000000001", FEISHU_APP_SECRET: "plantedSecret" };

Deno.test("launch() is the binary with its words, and nothing of the shell that is not needed", async () => {
  const env = { XDG_RUNTIME_DIR: "/run", AWS_SECRET_ACCESS_KEY: "planted", LANG: "en_US.UTF-8" };
  const made = await launchIn({ env });
  assert.deepEqual(
    [made.command, made.args, made.env],
    ["/opt/飞书/feishu-token-mcp", ["--stdio"], {}],
  );
});

Deno.test.each<[string, LaunchShell, readonly string[]]>([
  ["the store that a flag names", { flags: { kv: "tokens.kv" } }, ["--kv", "/work/my project/tokens.kv"]],
  ["the store that a variable names", { env: { FEISHU_TOKEN_KV: "~/t.kv" } }, ["--kv", "/home/ming/t.kv"]],
  ["the store that an env file names", { file: { FEISHU_TOKEN_KV: "t.kv" } }, [
    "--kv",
    "/work/my project/t.kv",
  ]],
  ["the data directory of the shell", { env: { XDG_DATA_HOME: "/data" } }, [
    "--kv",
    "/data/feishu-token-mcp/tokens.kv",
  ]],
  ["no store in the default place", { env: { XDG_DATA_HOME: "/home/ming/.local/share" } }, []],
  [
    "the default place by its name",
    { flags: { kv: "/home/ming/.local/share/feishu-token-mcp/tokens.kv" } },
    [],
  ],
  ["a network store", { flags: { kv: "https://kv.example.com" } }, ["--kv", "https://kv.example.com"]],
  ["no store on the disk", { flags: { kv: ":memory:" } }, ["--kv", ":memory:"]],
  ["the language of the shell", { env: { LANG: "zh_CN.UTF-8" }, locale: "zh-CN" }, ["--lang", "zh"]],
  ["a language of the flag", { flags: { language: "zh" } }, ["--lang", "zh"]],
  ["a private deployment", { env: { FEISHU_BASE_URL: "https://fs.example.com" } }, [
    "--base-url",
    "https://fs.example.com",
  ]],
  ["an env file", { flags: { envFile: "conf/.env" } }, ["--env-file", "/work/my project/conf/.env"]],
  ["an env file in the home directory", { flags: { envFileIfExists: "~/.env" } }, [
    "--env-file-if-exists",
    "/home/ming/.env",
  ]],
  ["a sandbox and its store", {
    flags: { sandboxUrl: "http://127.0.0.1:8082" },
    env: { ...APP, FEISHU_TOKEN_KV: "/x.kv" },
  }, ["--sandbox-url", "http://127.0.0.1:8082"]],
  ["the level of the log where a flag sets it", {
    flags: { logLevel: "debug" },
    env: { FEISHU_TOKEN_LOG_FORMAT: "human" },
  }, ["--log-level", "debug"]],
])("launch() carries %s", async (_case, shell, flags) => {
  assert.deepEqual((await launchIn(shell)).args, ["--stdio", ...flags]);
});

Deno.test("launch() carries the language of a Mac, whose user has another locale", async () => {
  const inherited = await launchIn({ os: "darwin", locale: "zh-CN" });
  const flagged = await launchIn({ os: "darwin", locale: "zh-CN", flags: { language: "en" } });
  assert.deepEqual([inherited.args, flagged.args], [["--stdio"], ["--stdio", "--lang", "en"]]);
});

Deno.test("launch() carries the store by the rules of Windows", async () => {
  const env = { LOCALAPPDATA: "C:\\L", APPDATA: "C:\\R", USERPROFILE: "C:\\Users\\小 明" };
  const self = { execPath: "C:\\b\\f.exe", cwd: "D:\\w" };
  const [usual, named] = await Promise.all([
    launchIn({ os: "windows", env, self }),
    launchIn({ os: "windows", env, self, flags: { kv: "t.kv" } }),
  ]);
  assert.deepEqual([usual.args, named.args], [["--stdio"], ["--stdio", "--kv", "D:\\w\\t.kv"]]);
});

Deno.test("launch() carries proxies, certificates and the app's public settings, files by their whole path", async () => {
  const { env } = await launchIn({
    env: {
      https_proxy: "http://proxy.example.com:3128",
      NO_PROXY: "corp.example.com",
      NODE_EXTRA_CA_CERTS: "corp.pem",
      DENO_CERT: "~/ca.pem",
      DENO_TLS_CA_STORE: "system",
      DENO_DIR: "/cache",
      FEISHU_APP_ID: "cli_5a4db0c000000001",
      FEISHU_APP_SECRET_FILE: "secret.txt",
      FEISHU_TOKEN_KEY_FILE: "/etc/key",
      FEISHU_BRAND: "lark",
      FEISHU_TOKEN_HOST: "0.0.0.0",
      FEISHU_TOKEN_CALLER_KEYS: `a=${"planted".repeat(5)}`,
    },
  });
  assert.deepEqual(env, {
    FEISHU_APP_ID: "cli_5a4db0c000000001",
    FEISHU_BRAND: "lark",
    FEISHU_APP_SECRET_FILE: "/work/my project/secret.txt",
    FEISHU_TOKEN_KEY_FILE: "/etc/key",
    NO_PROXY: "corp.example.com",
    https_proxy: "http://proxy.example.com:3128",
    NODE_EXTRA_CA_CERTS: "/work/my project/corp.pem",
    DENO_CERT: "/home/ming/ca.pem",
    DENO_TLS_CA_STORE: "system",
  });
});

Deno.test.each<[string, LaunchShell, readonly RegExp[]]>([
  ["the app's secret", { env: APP }, [/FEISHU_APP_SECRET .*--env-file PATH or FEISHU_APP_SECRET_FILE/]],
  ["the store's key", { env: { FEISHU_TOKEN_KEY: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" } }, [
    /FEISHU_TOKEN_KEY .*FEISHU_TOKEN_KEY_FILE/,
  ]],
  ["a key for a network store", {
    flags: { kv: "https://kv.example.com" },
    env: { DENO_KV_ACCESS_TOKEN: "planted" },
  }, [/DENO_KV_ACCESS_TOKEN .*over HTTP/]],
  ["a secret that differs from the env file's", {
    flags: { envFile: "/x/.env" },
    env: APP,
    file: { FEISHU_APP_SECRET: "other" },
  }, [/FEISHU_APP_SECRET /]],
])("launch() refuses %s that only the environment has", async (_case, shell, problems) => {
  await assert.rejects(launchIn(shell), (error) => {
    assert.ok(error instanceof UsageError);
    assert.equal(error.problems.length, problems.length);
    for (const [at, { en, zh }] of error.problems.entries()) {
      assert.match(en, problems[at] ?? /never/);
      assert.doesNotMatch(en + zh, /planted/);
    }
    return true;
  });
});

Deno.test("launch() takes a secret that the env file has too, and none of the real app's for a sandbox", async () => {
  const same = await launchIn({ flags: { envFile: "/x/.env" }, env: APP, file: APP });
  const sandboxed = await launchIn({ flags: { sandboxUrl: "http://127.0.0.1:8082" }, env: APP });
  assert.deepEqual(same.args, ["--stdio", "--env-file", "/x/.env"]);
  for (const { args, env } of [same, sandboxed]) {
    assert.doesNotMatch(JSON.stringify([args, env]), /plantedSecret/);
  }
  assert.equal(sandboxed.env.FEISHU_APP_ID, undefined);
});

Deno.test("launch() warns of a password in a proxy's address", async () => {
  const { warnings } = await launchIn({ env: { HTTPS_PROXY: "http://me:pw@proxy.example.com" } });
  assert.deepEqual(warnings.map(({ en }) => en.split(" ").slice(0, 4).join(" ")), [
    "HTTPS_PROXY has a password",
  ]);
  assert.deepEqual((await launchIn({ file: APP })).warnings, []);
});

Deno.test("launch() for npx names the package and its version", async () => {
  const { command, args } = await launchIn({ form: "npx", tools: { npx: "/usr/bin/npx" } });
  assert.deepEqual([command, args], ["/usr/bin/npx", ["-y", `feishu-token-mcp@${VERSION}`, "--stdio"]]);
});

Deno.test("launch() for Docker mounts files, has Docker read env files, and keeps the store in a volume", async () => {
  const { command, args, env } = await launchIn({
    form: "docker",
    flags: { envFile: "/x/.env", language: "zh" },
    env: { NODE_EXTRA_CA_CERTS: "/c.pem", HTTPS_PROXY: "http://p:1", XDG_DATA_HOME: "/data" },
  });
  const image = args.findIndex((word) => word.endsWith(`/feishu-token-mcp:${VERSION}`));
  assert.deepEqual([command, env], ["docker", {}]);
  assert.deepEqual(args.slice(0, image), [
    ...["run", "-i", "--rm", "-v", "feishu-token-mcp:/data", "--env-file", "/x/.env"],
    ...["-v", "/c.pem:/c.pem:ro", "-e", "HTTPS_PROXY=http://p:1", "-e", "NODE_EXTRA_CA_CERTS=/c.pem"],
  ]);
  assert.deepEqual(args.slice(image + 1), ["--stdio", "--lang", "zh"]);
  await assert.rejects(launchIn({ form: "docker", flags: { kv: "/t.kv" } }), /store is in the volume/);
  const sandboxed = await launchIn({ form: "docker", flags: { sandboxUrl: "http://127.0.0.1:8082" } });
  assert.match(
    sandboxed.args.join(" "),
    / --network host .* --stdio --sandbox-url http:\/\/127\.0\.0\.1:8082$/,
  );
});
