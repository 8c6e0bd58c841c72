import assert from "node:assert/strict";
import { APP_ENV, FakeLogins } from "../login/fake_logins.ts";
import { type CommandEnd, CommandHome } from "../token/token_platform.ts";

const ignore = Deno.build.os === "windows";

/** Runs `exec` on fake logins; what the program writes into the file `$OUT` comes too. */
async function exec(
  logins: FakeLogins,
  flags: readonly string[],
  program: readonly string[],
): Promise<CommandEnd & { readonly written: string }> {
  await using home = await CommandHome.make();
  const OUT = `${home.path}/out`;
  const env = {
    ...APP_ENV,
    OUT,
    PATH: Deno.env.get("PATH") ?? "",
    FEISHU_TOKEN_KV: `${home.path}/tokens.kv`,
  };
  const end = await home.run(["exec", ...flags, "--", ...program], { env, compose: logins.compose });
  const written = await Deno.readTextFile(OUT).catch(() => "");
  return { ...end, written };
}

Deno.test({
  name: "`exec` gives a program the user's token and none of our secrets, and passes its exit code on",
  ignore,
  async fn(): Promise<void> {
    const logins = new FakeLogins();
    const end = await exec(logins, ["--user", "Ann", "--min-ttl", "60"], [
      "sh",
      "-c",
      'env > "$OUT"; exit 7',
    ]);
    assert.deepEqual([end.exitCode, end.stdout, end.stderr], [7, "", ""]);
    assert.match(end.written, /^FEISHU_USER_ACCESS_TOKEN=u-plantedUserToken$/m);
    assert.doesNotMatch(end.written, /plantedSecret|FEISHU_TOKEN_KV/);
    assert.deepEqual(logins.calls, [["userToken", { user: "Ann", minTtlMs: 60_000 }]]);
  },
});

Deno.test({
  name: "`exec` closes the store before the program runs, so that this may use it",
  ignore,
  async fn(): Promise<void> {
    // A process that has the store open has a lock in the folder of the journal, which stays.
    const script = 'cd "$HOME/tokens.kv.journal" && ls | grep -c "lock$" > "$OUT"; test -d .';
    const { exitCode, written } = await exec(new FakeLogins(), [], ["sh", "-c", script]);
    assert.deepEqual([exitCode, written], [0, "0\n"]);
  },
});

Deno.test({
  name: "`exec` tells the number of the signal that ended the program, as shells do",
  ignore,
  async fn(): Promise<void> {
    const { exitCode } = await exec(new FakeLogins(), [], ["sh", "-c", "kill -KILL $$"]);
    assert.equal(exitCode, 137);
  },
});

Deno.test.each<[string, string, number, RegExp]>([
  ["is not there", "no-such-program-anywhere", 127, /There is no such program/],
  ["is no program", "/", 126, /The program cannot be run/],
])("`exec` ends as a shell does when the program %s", async (_case, file, exitCode, said) => {
  const end = await exec(new FakeLogins(), [], [file]);
  assert.equal(end.exitCode, exitCode);
  assert.match(end.stderr, said);
});

Deno.test("`exec` runs nothing when there is no token", async () => {
  const logins = new FakeLogins();
  logins.kept = [];
  const { exitCode, stderr, written } = await exec(logins, [], ["sh", "-c", 'echo ran > "$OUT"']);
  assert.deepEqual([exitCode, written], [4, ""]);
  assert.match(stderr, /\(not_logged_in\)\n$/);
});

Deno.test.each([
  [["--as", "bot"], "--as must be user, tenant or app"],
  [["--as", "app", "--user", "Ann"], "--user and --as app contradict each other"],
  [["--min-ttl", "3601"], "--min-ttl must be a whole number from 0 to 3600"],
  [["--as", "tenant", "--min-ttl", "7201"], "--min-ttl must be a whole number from 0 to 7200"],
])("`exec` refuses %j before anything is asked for", async (flags, said) => {
  const logins = new FakeLogins();
  const { exitCode, stderr } = await exec(logins, flags, ["true"]);
  assert.deepEqual([exitCode, stderr, logins.calls], [2, `feishu-token-mcp: ${said}\n`, []]);
});
