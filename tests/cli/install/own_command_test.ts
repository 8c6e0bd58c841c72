import assert from "node:assert/strict";
import { readExample } from "../client_files/example_files.ts";
import { InstallHome, MAIN_PATH } from "./install_home.ts";

// The programs of these tests are shell scripts.
const ignore = Deno.build.os !== "linux";

const CODEX = ".codex/config.toml";

/** What `codex mcp add` writes, as far as these tests need it. */
const WRITES = `
args=""
while [ $# -gt 0 ]; do [ "$1" = "--" ] && break; shift; done
shift; command="$1"; shift
for word in "$@"; do args="$args\\"$word\\", "; done
/bin/mkdir -p "$HOME/.codex"
printf '[mcp_servers.feishu-token]\\ncommand = "%s"\\nargs = [%s]\\n\\n[mcp_servers.feishu-token.env]\\n' "$command" "$args" >> "$HOME/.codex/config.toml"
`;

/** The variables of the entry, which a script cannot read out of its arguments easily. */
async function writesWithEnv(home: InstallHome): Promise<string> {
  const { stdout } = await home.run(["install", "--client", "codex", "--print"]);
  const variables = stdout.split(".env]\n")[1] ?? "";
  return `${WRITES}\ncat >> "$HOME/.codex/config.toml" <<'END'\n${variables}END\n`.replace("cat", "/bin/cat");
}

Deno.test({
  name: "`install` has the client's own command write, and reads back what it wrote",
  ignore,
  async fn(): Promise<void> {
    await using home = await InstallHome.make();
    await home.program("codex", await writesWithEnv(home));
    const { exitCode, stdout, stderr } = await home.run(["install", "--client", "codex"]);
    assert.deepEqual([exitCode, stderr.includes("failed")], [0, false], stderr);
    assert.match(stdout, /^Codex: feishu-token was added by codex mcp add, to .*config\.toml; /);
    const args = (await home.read("codex.args"))?.trimEnd().split("\n") ?? [];
    assert.deepEqual(args.slice(0, 3), ["mcp", "add", "feishu-token"]);
    assert.deepEqual(args.slice(-2), [MAIN_PATH, "--stdio"]);
  },
});

Deno.test({
  name: "`install` writes the file itself when the client's own command fails",
  ignore,
  async fn(): Promise<void> {
    await using home = await InstallHome.make();
    const before = await readExample("codex.toml");
    await home.write(CODEX, before);
    await home.program("codex", 'echo "error: unrecognized subcommand" >&2; exit 2');
    const { exitCode, stdout, stderr } = await home.run(["install", "--client", "codex"]);
    assert.equal(exitCode, 0);
    assert.match(stderr, /codex mcp add failed \(2\): error: unrecognized subcommand/);
    assert.match(stdout, /feishu-token is now in .*; the file as it was: /);
    assert.ok((await home.read(CODEX))?.startsWith(before.trimEnd()));
  },
});

Deno.test({
  name: "`install` writes the file itself when the client's own command says yes and writes elsewhere",
  ignore,
  async fn(): Promise<void> {
    await using home = await InstallHome.make();
    await home.program("code");
    const { exitCode, stderr } = await home.run(["install", "--client", "vscode"]);
    assert.equal(exitCode, 0);
    assert.match(stderr, /code --add-mcp did not put the entry into .*: it is written there directly/);
    assert.match(await home.read(".config/Code/User/mcp.json") ?? "", /"feishu-token"/);
  },
});

Deno.test({
  name: "`install` puts back what the client's own command wrote when the server does not start",
  ignore,
  async fn(): Promise<void> {
    await using home = await InstallHome.make();
    const before = await readExample("codex.toml");
    await home.write(CODEX, before);
    await home.program("codex", WRITES);
    const self = { execPath: "/no/feishu-token-mcp", mainModule: "file:///x", isBinary: true, cwd: "/" };
    const { exitCode, stderr } = await home.run(["install", "--client", "codex"], { self });
    assert.equal(exitCode, 3);
    assert.match(stderr, /there is no such program; .*config\.toml is as it was/);
    assert.equal(await home.read(CODEX), before);
  },
});

Deno.test({
  name: "`install` has Claude Code remove an entry before it adds one, and gives it no secret of ours",
  ignore,
  async fn(): Promise<void> {
    await using home = await InstallHome.make();
    await home.write(".claude.json", '{"mcpServers": {"feishu-token": {"command": "old"}}}');
    await home.program("claude", '/usr/bin/env >> "$HOME/claude.env"');
    const envFile = await home.write("app.env", "FEISHU_APP_SECRET=plantedSecret\n");
    await home.run(["install", "--client", "claude-code", "--env-file", envFile], {
      env: { FEISHU_APP_SECRET: "plantedSecret", FEISHU_APP_ID: "cli_5a4db0c000000001" },
    });
    const args = await home.read("claude.args") ?? "";
    assert.match(args, /^mcp\nremove\n--scope\nuser\nfeishu-token\nmcp\nadd\n--scope\nuser\n/);
    assert.doesNotMatch(`${args}${await home.read("claude.env")}`, /plantedSecret/);
    assert.doesNotMatch(await home.read("claude.env") ?? "", /^FEISHU_/m);
  },
});

Deno.test({
  name: "`uninstall` has the client's own command remove, and the file changed where that does not",
  ignore,
  async fn(): Promise<void> {
    await using home = await InstallHome.make();
    await home.write(CODEX, await readExample("codex_with_entry.toml"));
    await home.program("codex");
    const { exitCode } = await home.run(["uninstall", "--client", "codex"]);
    assert.equal(exitCode, 0);
    assert.equal(await home.read("codex.args"), "mcp\nremove\nfeishu-token\n");
    assert.doesNotMatch(await home.read(CODEX) ?? "", /feishu-token/);
  },
});
