import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { runCommand } from "../../src/cli/run_command.ts";
import { VERSION_TEXT } from "./version_text.ts";
import { ListeningSandbox } from "../sandbox/served_sandbox.ts";
import { CommandHome, credentialsOf } from "./token/token_platform.ts";

Deno.test.each([["--help"], ["-h"]])("runCommand() prints the help on stdout alone at %s", async (flag) => {
  await using home = await CommandHome.make();
  const { exitCode, stdout, stderr } = await home.run([flag]);
  assert.deepEqual([exitCode, stderr], [0, ""]);
  assert.match(stdout, /^feishu-token-mcp [^\n]+\n\nUsage: /);
});

Deno.test.each([["--version"], ["-V"]])(
  "runCommand() prints the version and nothing else at %s",
  async (flag) => {
    await using home = await CommandHome.make();
    const end = await home.run([flag]);
    assert.match(end.stdout, VERSION_TEXT);
    assert.deepEqual([end.exitCode, end.stderr], [0, ""]);
  },
);

Deno.test.each([
  [["token", "--help"], "token app"],
  [["help", "doctor"], "doctor"],
  [["help", "demo", "--lang", "zh"], "demo"],
  [["start", "--help"], "[start]"],
])("runCommand() prints the help of one command alone at %j", async (args, usage) => {
  await using home = await CommandHome.make();
  const { exitCode, stdout, stderr } = await home.run(args);
  assert.deepEqual([exitCode, stderr], [0, ""]);
  const shown = [...stdout.matchAll(/feishu-token-mcp (?!--)(\S+)/g)].map(([, word]) => word);
  assert.ok(stdout.includes(`feishu-token-mcp ${usage}`), stdout);
  assert.deepEqual(shown.slice(1).filter((word) => word !== usage.split(" ")[0]), []);
});

Deno.test("runCommand() prints the version at the word version", async () => {
  await using home = await CommandHome.make();
  const { exitCode, stdout } = await home.run(["version"]);
  assert.match(stdout, VERSION_TEXT);
  assert.equal(exitCode, 0);
});

Deno.test("runCommand() says what it does not know when help is asked for that", async () => {
  await using home = await CommandHome.make();
  const { exitCode, stdout, stderr } = await home.run(["help", "tokne"]);
  assert.deepEqual([exitCode, stdout], [2, ""]);
  assert.match(stderr, /^feishu-token-mcp: Unknown command tokne: did you mean token\?/);
});

Deno.test("runCommand() reports flags, file and variables together, one line each, and starts nothing", async () => {
  await using home = await CommandHome.make();
  const env = { FEISHU_BRAND: "fieshu", FEISHU_TOKEN_PORT: "x" };
  const { exitCode, stdout, stderr } = await home.run(
    ["--prot", "0", "--env-file", `${home.path}/none`, "--log-level", "loud"],
    { env },
  );
  assert.deepEqual([exitCode, stdout], [2, ""]);
  const lines = stderr.trimEnd().split("\n");
  assert.equal(lines.length, 5, stderr);
  for (const line of lines) assert.match(line, /^feishu-token-mcp: \S.*[^.]$/);
  for (const what of ["--prot", "--env-file", "--log-level", "FEISHU_BRAND", "FEISHU_TOKEN_PORT"]) {
    assert(lines.some((line) => line.includes(what)), `${what} is not reported`);
  }
  assert.deepEqual(await Array.fromAsync(Deno.readDir(home.path)), []);
});

Deno.test.each([
  ["is not set", {}, /HOME is not set: .*--kv PATH/],
  ["is a file", { XDG_DATA_HOME: "/dev/null/x" }, /Cannot make the folder .*--kv PATH/],
])("runCommand() ends with 2 and one line when the home %s", async (_case, env, pattern) => {
  await using home = await CommandHome.make();
  const { exitCode, stderr } = await home.run(["--port", "0"], { env: { HOME: "", ...env } });
  assert.equal(exitCode, 2);
  assert.match(stderr, pattern);
  assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
});

Deno.test.each([["a command", ["doctor", "--refresh-token-stdin"]]])(
  "runCommand() tells an unexpected error of %s by its class alone, in one line",
  async (_case, args) => {
    await using home = await CommandHome.make();
    const stdin = new Readable({
      read(): void {
        this.destroy(new RangeError("planted-secret"));
      },
    });
    const { exitCode, stderr } = await home.run(args, { stdin });
    assert.equal(exitCode, 1);
    assert.match(stderr, /^feishu-token-mcp: [^\n]*RangeError[^\n]*\n$/);
    assert.doesNotMatch(stderr, /planted/);
  },
);

Deno.test("runCommand() keeps what nobody caught from ending a refresh, until its pair is stored and written", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  let handler: ((error: unknown) => void) | undefined;
  let written = "";
  const { exitCode, stderr } = await home.run(["token", "refresh"], {
    env: credentialsOf(sandbox),
    stdin: await sandbox.logIn("v2"),
    onUncaught(given): () => void {
      handler = given;
      return () => written = "ended";
    },
    openKv: async (path) => {
      const kv = await Deno.openKv(path);
      const close = kv.close.bind(kv);
      kv.close = (): void => {
        close();
        assert.equal(written, "");
        written = "closed";
      };
      handler?.(new SyntaxError("planted"));
      return kv;
    },
  });
  assert.deepEqual([exitCode, written], [0, "ended"]);
  assert.match(stderr, /error that nobody caught[^\n]*SyntaxError/);
  assert.doesNotMatch(stderr, /planted/);
});

Deno.test.each<[readonly string[], boolean]>([
  [["--prot"], true],
  [["login", "--prot"], true],
  [["status", "--help"], true],
  [["exec"], false],
])("runCommand() gives up running programs before it reads anything else: %j %s", async (args, givesUp) => {
  await using home = await CommandHome.make();
  let hasGivenUp = false;
  await runCommand(args, { ...home.platform(), giveUpRunning: () => void (hasGivenUp = true) });
  assert.equal(hasGivenUp, givesUp);
});
