import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { TokenError } from "../../../src/errors/token_error.ts";
import { type CommandEnd, CommandHome, type Surroundings } from "../token/token_platform.ts";
import { APP_ENV, done, FakeLogins, pending } from "./fake_logins.ts";

const PLANTED = "ur-plantedPlantedPlantedPlantedPlanted";

/** Runs `login import` on fake logins. */
async function importLogin(
  logins: FakeLogins,
  stdin: Surroundings["stdin"],
  flags: readonly string[] = [],
): Promise<CommandEnd> {
  await using home = await CommandHome.make();
  return await home.run(["login", "import", ...flags], {
    env: APP_ENV,
    compose: logins.compose,
    ...(stdin === undefined ? {} : { stdin }),
  });
}

Deno.test("`login import` keeps the login of the refresh token, and says that the other copy is dead", async () => {
  const logins = new FakeLogins();
  const { exitCode, stdout, stderr } = await importLogin(logins, `FEISHU_REFRESH_TOKEN='${PLANTED}'\n`);
  assert.deepEqual([exitCode, logins.adopted], [0, [PLANTED]]);
  assert.match(stdout, /^Logged in: Ann \(ou_ann\)/);
  assert.match(stderr, /^feishu-token-mcp: the copy of this refresh token .* works no more from now on/);
  assert.doesNotMatch(stdout + stderr, /planted/i);
});

Deno.test("`login import --json` answers as `login --json`", async () => {
  const { stdout } = await importLogin(new FakeLogins(), PLANTED, ["--json"]);
  assert.equal(JSON.parse(stdout).status, "done");
});

Deno.test("`login import` that is not finished yet ends with 75", async () => {
  const logins = new FakeLogins();
  logins.progress = [pending({ isApproved: true })];
  const { exitCode, stderr } = await importLogin(logins, PLANTED);
  assert.equal(exitCode, 75);
  assert.match(stderr, /the login is being finished\n$/);
});

Deno.test("`login import` ends with the kind of the failure", async () => {
  const logins = new FakeLogins();
  logins.progress = [new TokenError("refresh_token_invalid"), done()];
  const { exitCode, stdout } = await importLogin(logins, PLANTED);
  assert.deepEqual([exitCode, stdout], [4, ""]);
});

Deno.test.each<[string, Surroundings["stdin"], RegExp]>([
  ["an access token", "u-plantedPlantedPlanted", /must be a refresh token, but this is a user access token/],
  ["nothing", "", /What standard input holds must be a refresh token/],
  ["a terminal", Object.assign(new PassThrough(), { isTTY: true }), /that is a terminal/],
])("`login import` refuses %s before anything is presented", async (_case, stdin, said) => {
  const logins = new FakeLogins();
  const { exitCode, stderr } = await importLogin(logins, stdin);
  assert.deepEqual([exitCode, logins.adopted], [2, []]);
  assert.match(stderr, said);
});

Deno.test("`login import --from` names the tool that can be read", async () => {
  const logins = new FakeLogins();
  const { exitCode, stderr } = await importLogin(logins, PLANTED, ["--from", "lark-cli"]);
  assert.deepEqual([exitCode, logins.adopted], [2, []]);
  assert.match(stderr, /--from must be lark-mcp; of any other tool give the refresh token itself/);
});

Deno.test("`login import --from lark-mcp` says on a terminal which key it reads", async () => {
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const logins = new FakeLogins();
  const { exitCode, stderr } = await importLogin(logins, stdin, ["--from", "lark-mcp"]);
  assert.deepEqual([exitCode, logins.adopted], [2, []]);
  assert.match(stderr, /The key of lark-mcp's store is read from standard input, and that is a terminal/);
});
