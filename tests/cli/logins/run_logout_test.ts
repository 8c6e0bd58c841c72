import assert from "node:assert/strict";
import { Readable } from "node:stream";
import type { UpstreamRevocation } from "../../../src/ports/logins.ts";
import { ANN, APP_ENV, FakeLogins } from "../login/fake_logins.ts";
import { type CommandEnd, CommandHome, type Surroundings } from "../token/token_platform.ts";

/** Runs `logout` on fake logins. */
async function logout(
  logins: FakeLogins,
  flags: readonly string[] = [],
  more: Surroundings = {},
): Promise<CommandEnd> {
  await using home = await CommandHome.make();
  return await home.run(["logout", ...flags], { env: APP_ENV, compose: logins.compose, ...more });
}

Deno.test.each<[UpstreamRevocation, RegExp]>([
  ["revoked", /Feishu has ended its tokens \(revoked\)/],
  ["refused", /Feishu refused to end its tokens; .*\(refused\)/],
  ["unknown", /its answer did not arrive; .*\(unknown\)/],
  ["not_sent", /Feishu was not asked to end its tokens, .*\(not_sent\)/],
])("`logout --yes` says what Feishu was told: %s", async (upstream, said) => {
  const logins = new FakeLogins();
  logins.ended = { user: ANN.user, upstream };
  const { exitCode, stdout, stderr } = await logout(logins, ["--yes", "--user", "Ann"]);
  assert.deepEqual([exitCode, stderr, logins.calls], [0, "", [["logout", "Ann"]]]);
  assert.match(stdout, /^Logged out: Ann \(ou_ann\)\. /);
  assert.match(stdout, said);
});

Deno.test.each([["y\n"], ["YES\r\n"], ["是\n"]])(
  "`logout` on a terminal takes %j for a yes",
  async (stdin) => {
    const logins = new FakeLogins();
    const { exitCode, stderr } = await logout(logins, [], { columns: 80, stdin });
    assert.deepEqual([exitCode, logins.calls], [0, [["logout", undefined]]]);
    assert.equal(stderr, "End the kept login? Programs that use it will have to log in again [y/N] ");
  },
);

Deno.test.each([["\n"], ["n\n"], [""], ["yesterday\n"]])(
  "`logout` on a terminal takes %j for a no",
  async (stdin) => {
    const logins = new FakeLogins();
    const { exitCode, stdout } = await logout(logins, ["--user", "ou_ann"], { columns: 80, stdin });
    assert.deepEqual([exitCode, stdout, logins.calls], [0, "", []]);
  },
);

Deno.test("`logout` without a terminal and without --yes ends nothing", async () => {
  const logins = new FakeLogins();
  const { exitCode, stderr } = await logout(logins, [], { stdin: "y\n" });
  assert.deepEqual([exitCode, logins.calls], [2, []]);
  assert.match(
    stderr,
    /^feishu-token-mcp: There is no terminal on which to ask: repeat the command with --yes\n$/,
  );
});

Deno.test("`logout` ends with 130 and ends nothing when a signal comes instead of an answer", async () => {
  const logins = new FakeLogins();
  let send = (): void => {};
  // It is read once the wait for an answer has begun.
  const stdin = new Readable({ read: () => queueMicrotask(() => send()) });
  const { exitCode, stderr } = await logout(logins, [], {
    columns: 80,
    stdin,
    onSignal: (handler) => {
      send = handler;
      return () => {};
    },
  });
  assert.deepEqual([exitCode, logins.calls], [130, []]);
  assert.match(stderr, /\[y\/N\] \n$/);
});
