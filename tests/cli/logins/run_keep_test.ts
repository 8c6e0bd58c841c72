import assert from "node:assert/strict";
import { TokenError } from "../../../src/errors/token_error.ts";
import { ANN, APP_ENV, FakeLogins } from "../login/fake_logins.ts";
import { type CommandEnd, CommandHome } from "../token/token_platform.ts";

/** Runs `keep` on fake logins. */
async function keep(logins: FakeLogins, flags: readonly string[] = []): Promise<CommandEnd> {
  await using home = await CommandHome.make();
  return await home.run(["keep", ...flags], { env: APP_ENV, compose: logins.compose });
}

Deno.test("`keep` does one round for the app of the environment, and says that nothing was due", async () => {
  const logins = new FakeLogins();
  const end = await keep(logins);
  assert.deepEqual(end, { exitCode: 0, stdout: "Nothing was due\n", stderr: "" });
  assert.deepEqual(logins.calls, [["keep", ["cli_5a4db0c000000001"]]]);
});

Deno.test("`keep` says what was renewed, what was not, and whose secret is missing", async () => {
  const logins = new FakeLogins();
  logins.report = {
    renewed: [ANN],
    failed: [{ ...ANN, user: { openId: "ou_bo" }, problem: new TokenError("feishu_unavailable") }],
    withoutSecret: [{ ...ANN, appId: "cli_5a4db0c000000002" }],
    ending: [],
  };
  const { exitCode, stdout } = await keep(logins);
  const [renewed = "", failed = "", without = ""] = stdout.split("\n");
  assert.equal(exitCode, 0);
  assert.equal(
    renewed,
    "Ann (ou_ann) of cli_5a4db0c000000001: renewed; good until 2026-01-09 03:04 (in 7 days)",
  );
  assert.match(failed, /^ou_bo of .*: not renewed; .*\. \S/);
  assert.match(without, /of cli_5a4db0c000000002: not renewed, its App Secret is not at hand/);
});

Deno.test("`keep` ends with 3 when a login ends soon", async () => {
  const logins = new FakeLogins();
  logins.report = { ...logins.report, ending: [ANN] };
  const { exitCode, stdout } = await keep(logins);
  assert.equal(exitCode, 3);
  assert.match(stdout, /: ends soon, or can be renewed no more; good until/);
});

Deno.test("`keep --json` prints the report as one object", async () => {
  const logins = new FakeLogins();
  logins.report = { ...logins.report, renewed: [ANN], ending: [ANN] };
  const { exitCode, stdout } = await keep(logins, ["--json"]);
  const report = JSON.parse(stdout);
  assert.equal(exitCode, 3);
  assert.deepEqual(Object.keys(report), ["renewed", "failed", "without_secret", "ending"]);
  assert.deepEqual([report.renewed[0].user.open_id, report.failed], ["ou_ann", []]);
});
