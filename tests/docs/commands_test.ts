import assert from "node:assert/strict";
import { commandBlocks } from "./command_blocks.ts";
import { DocumentedShell } from "./documented_shell.ts";
import { existsBeside, PAGES, readPage } from "./pages.ts";

/** What a program says once it serves. */
const SERVING = /"event":"listening"|sandbox http|Open http/;

/** What a block needs that no test has. */
const NOT_RUN: Readonly<Record<string, readonly string[]>> = {
  "needs PowerShell": [
    "Copy-Item .env.example .env",
    '$env:FEISHU_APP_ID = "cli_…"',
    "Get-Process -Id (Get-NetTCPConnection -LocalPort 8081 -State Listen).OwningProcess",
    '$env:HTTPS_PROXY = "http://proxy.example.com:3128"',
    "(Get-Command npx.cmd).Source",
    '$action = New-ScheduledTaskAction -Execute "$HOME\\bin\\feishu-token-mcp.exe" -Argument "keep --env-file `"$HOME\\feishu-token-mcp.env`""',
  ],
  "a person has to agree": [
    "feishu-token-mcp login --env-file .env",
    "feishu-token-mcp login --no-wait --env-file .env > login.json",
  ],
  "it spends a refresh token of yours": [
    "feishu-token-mcp login import --env-file .env < refresh_token.txt",
    "security find-generic-password -s lark-mcp -a encryption-key -w | feishu-token-mcp login import --from lark-mcp --env-file .env",
  ],
  "somebody has to be logged in": [
    "feishu-token-mcp token user --env-file .env",
    "feishu-token-mcp logout --env-file .env",
    "feishu-token-mcp keep --env-file ~/.config/feishu-token-mcp.env",
  ],
  "it fetches a program of somebody else's": [
    'npx -y supergateway --port 8000 --outputTransport sse --stdio "deno run --quiet --no-prompt -P=serve /path/to/feishu-token-mcp/main.ts --stdio"',
    "uvx mcp-proxy --port 8000 --pass-environment -- deno run --quiet --no-prompt -P=serve /path/to/feishu-token-mcp/main.ts --stdio",
  ],
  "it waits for a person": ["deno task app add work", "deno task login --env-file .env"],
  "it runs a program of yours": ["deno task --quiet exec --env-file .env -- python3 my_script.py"],
  "it deletes the store": ["cd ~/.local/share/feishu-token-mcp"],
  "it installs a service": [
    "deno task compile",
    "sudo systemctl daemon-reload",
    "systemctl --user daemon-reload",
    'launchctl bootstrap "gui/$(id -u)" ~/Library/LaunchAgents/local.feishu-keep.plist',
  ],
  "it is about a server of yours": [
    "cd ~/.local/share/feishu-token-mcp",
    "sudo XDG_DATA_HOME=/var/lib feishu-token-mcp doctor --env-file /etc/feishu-token-mcp.env",
    'sqlite3 /var/lib/denokv/kv.sqlite3 ".backup /var/backups/kv.sqlite3"',
  ],
  "it asks about programs of yours": ["lsof -nP -iTCP:8081 -sTCP:LISTEN"],
  "needs a Docker daemon and the network": [
    "docker build -t feishu-token-mcp .",
    "docker run -d --name feishu-token-mcp --stop-timeout 45 --restart on-failure:5 \\",
  ],
  "it builds for some minutes": ["cargo install denokv --locked"],
  "the second is the suite itself": [
    "deno task demo     # see it work, against a simulated Feishu",
  ],
  "generated_parts_test.ts holds what it writes": [
    "deno run -R=. -W=. tests/docs/write_generated_parts.ts && deno fmt",
  ],
};

const notRun: (readonly [string, string])[] = [];
const runners: string[] = [];

for (const page of PAGES) {
  // The Chinese pages have the same blocks: translations_test.ts.
  if (page.endsWith(".zh-CN.md")) continue;
  for (const { title, script, language, mark } of commandBlocks(await readPage(page))) {
    const [kind = "", what = ""] = mark?.split(": ", 2) ?? ["run"];
    const name = `${page}: ${title}`;
    switch (kind) {
      case "not run":
        notRun.push([what, title]);
        break;
      case "run by":
        runners.push(what);
        break;
      case "serves":
        Deno.test({ name: `${name} serves`, ignore: Deno.build.os === "windows" }, async () => {
          await using shell = await DocumentedShell.open();
          assert.match(await shell.serve(script, SERVING), SERVING);
        });
        break;
      default:
        Deno.test({ name: `${name} works`, ignore: Deno.build.os === "windows" }, async () => {
          assert.equal(language, "sh");
          await using shell = await DocumentedShell.open();
          const { exitCode, output } = await shell.run(script);
          assert.equal(exitCode, kind === "exit code" ? Number(what) : 0, output);
        });
    }
  }
}

Deno.test("every command of the pages is run, here or by the test that is named, but for those that cannot be", async () => {
  const expected = Object.entries(NOT_RUN).flatMap(([why, titles]) => titles.map((title) => [why, title]));
  assert.deepEqual(notRun.toSorted(), expected.toSorted());
  for (const runner of new Set(runners)) assert.ok(await existsBeside("README.md", runner), runner);
});
