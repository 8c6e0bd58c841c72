import assert from "node:assert/strict";
import { tryEntry } from "../../../src/cli/install/try_entry.ts";
import { isOwnEntry } from "../../../src/cli/install/is_own_entry.ts";
import type { Platform } from "../../../src/platform.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import { CommandHome } from "../token/token_platform.ts";

const ignore = Deno.build.os !== "linux";

/** Every time is up at once. */
const IMPATIENT: Clock = { now: () => 0, monotonic: () => 0, sleep: () => Promise.resolve() };

/** Tries a shell script as a server. */
async function tryScript(script: string, over: Partial<Platform> = {}): ReturnType<typeof tryEntry> {
  await using home = await CommandHome.make();
  const platform = { ...home.platform({ env: { PATH: "/usr/bin:/bin", SECRET: "planted" } }), ...over };
  return await tryEntry({ command: "/bin/sh", args: ["-c", script], env: { OWN: "1" } }, platform);
}

const ANSWERS = `
read line; echo '{"jsonrpc":"2.0","id":1,"result":{}}'
read line; read line
echo 'a line that is no message'
echo '{"jsonrpc":"2.0","id":2,"result":{"tools":[TOOLS]}}'
`;

Deno.test({
  name: "tryEntry() lists the tools of a server",
  ignore,
  async fn(): Promise<void> {
    const trial = await tryScript(ANSWERS.replace("TOOLS", '{"name":"a"},{"name":"b"}'));
    assert.deepEqual(trial, { ok: true, tools: ["a", "b"] });
  },
});

Deno.test({
  name: "tryEntry() starts it with the variables of a client and of the entry, and no other",
  ignore,
  async fn(): Promise<void> {
    const trial = await tryScript("env | cut -d= -f1 | sort >&2");
    assert.ok(!trial.ok);
    assert.deepEqual(
      trial.said.split("\n").filter((name) => !["PWD", "_", "SHLVL", "OLDPWD"].includes(name)),
      [
        "HOME",
        "OWN",
        "PATH",
      ],
    );
  },
});

Deno.test.each<[string, string, RegExp, string]>([
  ["ends at once", "echo first >&2; echo why >&2; exit 1", /ended without an answer/, "first\nwhy"],
  ["ends after the greeting", "read line; echo '{\"id\":1}'", /ended without an answer/, ""],
  ["has no tools", ANSWERS.replace("TOOLS", ""), /has no tools/, ""],
])("tryEntry() tells why a server that %s is of no use", async (_case, script, reason, said) => {
  if (ignore) return;
  const trial = await tryScript(script);
  assert.ok(!trial.ok);
  assert.match(trial.reason.en, reason);
  assert.equal(trial.said, said);
});

Deno.test({
  name: "tryEntry() ends a server that does not answer, and does not wait for what that has started",
  ignore,
  async fn(): Promise<void> {
    // It also keeps its streams open in a program of its own, and ignores the end of its input.
    const trial = await tryScript("sleep 600 & echo busy >&2; wait", { clock: IMPATIENT });
    assert.ok(!trial.ok);
    assert.match(trial.reason.en, /did not answer within a minute/);
  },
});

Deno.test.each<[string, unknown, boolean]>([
  ["feishu-token", { url: "http://127.0.0.1:8081/mcp" }, true],
  ["a", { command: "/opt/feishu-token-mcp", args: ["--stdio"] }, true],
  ["a", { command: "C:\\p\\feishu-token-mcp-0.2.0.exe", args: ["--stdio"] }, true],
  ["a", { command: "deno", args: ["run", "-P=serve", "/x/main.ts", "--stdio"] }, true],
  ["a", { command: "npx", args: ["-y", "feishu-token-mcp@1.0.0", "--stdio"] }, true],
  ["a", { command: "npx", args: ["-y", "feishu-token-mcp"] }, false],
  ["github", { command: "docker", args: ["run", "ghcr.io/github/github-mcp-server", "--stdio"] }, false],
  ["a", { url: "http://x" }, false],
])("isOwnEntry() knows of %s %j: %j", (name, entry, isOwn) => {
  assert.equal(isOwnEntry(name, entry), isOwn);
});
