import assert from "node:assert/strict";
import { MCP_CLIENTS } from "../../../src/cli/clients/mcp_clients.ts";
import { commandOf } from "../../../src/cli/client_files/entry_format.ts";
import { inheritedVariables } from "../../../src/cli/launch/client_environment.ts";
import { assertAppToken, TOOL_NAMES } from "../../clients/expected_answers.ts";
import { OfficialClient } from "../../clients/official_client.ts";
import { ListeningSandbox } from "../../sandbox/served_sandbox.ts";
import { readExample } from "../client_files/example_files.ts";
import { InstallHome, MAIN_PATH } from "./install_home.ts";

// The places and programs of these tests are those of Linux.
const ignore = Deno.build.os !== "linux";

const CURSOR = ".cursor/mcp.json";

Deno.test({
  name: "`install` writes an entry whose server gives tokens in the environment that clients pass on",
  ignore,
  async fn(): Promise<void> {
    await using sandbox = await ListeningSandbox.start();
    await using home = await InstallHome.make();
    const { exitCode, stdout, stderr } = await home.run(
      ["install", "--client", "cursor", "--sandbox-url", sandbox.url],
    );
    assert.deepEqual([exitCode, stderr], [0, ""]);
    assert.match(
      stdout,
      new RegExp(`^Cursor: feishu-token is now in ${home.path}/${CURSOR}; .* ${TOOL_NAMES.length} tools`),
    );
    const entry = commandOf(JSON.parse(await home.read(CURSOR) ?? "").mcpServers["feishu-token"]);
    assert.ok(entry !== undefined);
    assert.deepEqual(entry.args.slice(-3), ["--stdio", "--sandbox-url", sandbox.url]);
    // The SDK itself passes on what this process has of the others.
    const inherited = { HOME: home.path, PATH: home.bin };
    assert.deepEqual(
      Object.keys(inherited).filter((name) => !inheritedVariables("linux").includes(name)),
      [],
    );
    await using client = await OfficialClient.overStdio({
      ...entry,
      env: { ...inherited, ...entry.env },
      cwd: "/",
    });
    assertAppToken(await client.call("get_feishu_app_token"));
  },
});

Deno.test({
  name: "`install` puts the file back when the server does not start, and shows what it said",
  ignore,
  async fn(): Promise<void> {
    await using home = await InstallHome.make();
    const before = await readExample("cursor.json");
    await home.write(CURSOR, before);
    const envFile = await home.write("app.env", "FEISHU_BRAND=lark\n");
    const self = { execPath: Deno.execPath(), mainModule: "file:///no/main.ts", isBinary: false, cwd: "/" };
    const { exitCode, stdout, stderr } = await home.run(
      ["install", "--client", "cursor", "--env-file", envFile],
      { self },
    );
    assert.deepEqual([exitCode, stdout], [3, ""]);
    assert.match(
      stderr,
      /failed: it ended without an answer; .*mcp\.json is as it was; the server said:\nerror: .*serve/s,
    );
    assert.deepEqual([await home.read(CURSOR), await home.files(".cursor/")], [before, [CURSOR]]);
  },
});

Deno.test({
  name: "`install` removes a file that it has made when there is no such program",
  ignore,
  async fn(): Promise<void> {
    await using home = await InstallHome.make();
    const self = { execPath: "/no/feishu-token-mcp", mainModule: "file:///x", isBinary: true, cwd: "/" };
    const { exitCode, stderr } = await home.run(["install", "--client", "zed"], { self });
    assert.equal(exitCode, 3);
    assert.match(stderr, /failed: there is no such program; .*settings\.json is as it was\n$/);
    assert.deepEqual(await home.files(".config/zed/"), []);
  },
});

Deno.test({
  name: "`install --print` writes the snippet of every client to standard output, and touches nothing",
  ignore,
  async fn(): Promise<void> {
    await using home = await InstallHome.make();
    await home.program("claude", "exit 1");
    for (const client of MCP_CLIENTS) {
      const { exitCode, stdout } = await home.run([
        "install",
        "--client",
        client.name,
        "--print",
        "--as",
        "f-1",
      ]);
      assert.equal(exitCode, 0);
      const entry = commandOf(client.format.entries(stdout).get("f-1"));
      assert.deepEqual([entry?.command, entry?.args.slice(3)], [
        Deno.execPath(),
        ["-P=serve", MAIN_PATH, "--stdio"],
      ]);
    }
    assert.deepEqual(await home.files(), []);
  },
});

Deno.test({
  name: "`install` twice changes nothing the second time",
  ignore,
  async fn(): Promise<void> {
    await using home = await InstallHome.make();
    await home.run(["install", "--client", "windsurf"]);
    const files = await home.files();
    const { exitCode, stdout } = await home.run(["install", "--client", "windsurf"]);
    assert.equal(exitCode, 0);
    assert.match(stdout, /feishu-token was there already, in /);
    assert.deepEqual(await home.files(), files);
  },
});

Deno.test({
  name: "`install` replaces no entry with an app by one without",
  ignore,
  async fn(): Promise<void> {
    await using sandbox = await ListeningSandbox.start();
    await using home = await InstallHome.make();
    await home.run(["install", "--client", "cursor", "--sandbox-url", sandbox.url]);
    // As somebody may write it by hand.
    const inOneWord = (await home.read(CURSOR) ?? "").replace(/"--sandbox-url",\s*"/, '"--sandbox-url=');
    await home.write(CURSOR, inOneWord);
    const files = await home.files();
    const { exitCode, stdout, stderr } = await home.run(["install", "--client", "cursor"]);
    assert.deepEqual([exitCode, stdout], [3, ""]);
    assert.match(
      stderr,
      /Cursor has an entry feishu-token already, and the new one would have no app: name the app with --app/,
    );
    assert.deepEqual([await home.files(), await home.read(CURSOR)], [files, inOneWord]);
    assert.match(inOneWord, /"--sandbox-url=http/);
    assert.equal((await home.run(["install", "--client", "cursor", "--as", "second"])).exitCode, 0);
  },
});

Deno.test({
  name: "`install` refuses the name of another server, and `uninstall` too",
  ignore,
  async fn(): Promise<void> {
    await using home = await InstallHome.make();
    const before = await readExample("cursor.json");
    await home.write(CURSOR, before);
    for (const command of ["install", "uninstall"]) {
      const { exitCode, stderr } = await home.run([command, "--client", "cursor", "--as", "postgres"]);
      assert.equal(exitCode, 3);
      assert.match(stderr, /since its entry postgres is another server/);
    }
    assert.deepEqual([await home.read(CURSOR), await home.files()], [before, [CURSOR]]);
  },
});

Deno.test({
  name: "`install` never overwrites a file that cannot be parsed, and names the line",
  ignore,
  async fn(): Promise<void> {
    await using home = await InstallHome.make();
    await home.program("codex", 'echo "must not run" >&2; exit 9');
    await home.write(".codex/config.toml", 'model = "o3"\nmodel = "o4"\n');
    const { exitCode, stderr } = await home.run(["install", "--client", "codex"]);
    assert.equal(exitCode, 3);
    assert.match(stderr, /Cannot read .*config\.toml, line 2: /);
    assert.deepEqual(await home.files(), [".codex/config.toml"]);
  },
});

Deno.test({
  name: "`uninstall` takes out what `install` has put in, and does nothing a second time",
  ignore,
  async fn(): Promise<void> {
    await using home = await InstallHome.make();
    const before = await readExample("zed.json");
    await home.write(".config/zed/settings.json", before);
    await home.run(["install", "--client", "zed"]);
    assert.match(await home.read(".config/zed/settings.json") ?? "", /"feishu-token": \{/);
    const { exitCode, stdout } = await home.run(["uninstall", "--client", "zed"]);
    assert.equal(exitCode, 0);
    assert.match(
      stdout,
      /^Zed: feishu-token is no longer in .*settings\.json; the file as it was: .*\.bak\n$/,
    );
    assert.equal(await home.read(".config/zed/settings.json"), before);
    const again = await home.run(["uninstall", "--client", "zed"]);
    assert.deepEqual(again.exitCode, 0);
    assert.match(again.stdout, /has no entry feishu-token; nothing was changed/);
  },
});

Deno.test({
  name: "`install --list` shows the clients, their files, and the entries in them",
  ignore,
  async fn(): Promise<void> {
    await using home = await InstallHome.make();
    await home.program("claude");
    await home.write(CURSOR, await readExample("cursor.json"));
    await home.write(".codex/config.toml", "=");
    const { exitCode, stdout } = await home.run(["install", "--list"]);
    const rows = stdout.trimEnd().split("\n").map((line) => line.split(/ {2,}/));
    assert.equal(exitCode, 0);
    assert.deepEqual(rows.map(([name, state]) => `${name}: ${state}`), [
      "claude-desktop: (client not found)",
      "claude-code: -",
      "cursor: feishu-token",
      "vscode: (client not found)",
      "codex: ?",
      "trae: (client not found)",
      "windsurf: (client not found)",
      "zed: (client not found)",
    ]);
    assert.deepEqual(rows[2]?.[2], `${home.path}/${CURSOR}`);
  },
});

Deno.test.each<[readonly string[], RegExp]>([
  [["install"], /install needs --client NAME: choose from claude-desktop, /],
  [["install", "--client", "cursr"], /There is no client cursr: did you mean cursor\?/],
  [["install", "--client", "zed", "--as", "a b"], /--as must be 1 to 64 letters/],
  [["install", "--client", "zed", "--form", "pip"], /--form must be npx or docker/],
  [["install", "--list", "--client", "zed"], /--list and --client contradict each other/],
  [["uninstall"], /uninstall needs --client NAME/],
  [["install", "--client", "zed", "--port", "1"], /--port is not a flag of the command install/],
])("`%j` is refused before anything is touched", async (args, said) => {
  await using home = await InstallHome.make();
  const { exitCode, stdout, stderr } = await home.run(args);
  assert.deepEqual([exitCode, stdout, await home.files()], [2, "", []]);
  assert.match(stderr, said);
});

Deno.test("`install` writes no secret of the environment, and speaks Chinese", async () => {
  await using home = await InstallHome.make();
  const { exitCode, stderr } = await home.run(["install", "--client", "zed", "--lang", "zh"], {
    env: { FEISHU_APP_ID: "cli_5a4db0c000000001", FEISHU_APP_SECRET: "plantedSecret" },
  });
  assert.deepEqual([exitCode, await home.files()], [2, []]);
  assert.match(stderr, /环境变量中设置了 FEISHU_APP_SECRET.*FEISHU_APP_SECRET_FILE/);
  assert.doesNotMatch(stderr, /plantedSecret/);
});
