import assert from "node:assert/strict";
import { shownCommand } from "../../../src/cli/command_line/shown_command.ts";
import { APP_ENV, FakeLogins } from "../login/fake_logins.ts";
import { type CommandEnd, CommandHome } from "./token_platform.ts";

/** Runs `token user` on fake logins. */
async function tokenUser(logins: FakeLogins, flags: readonly string[] = []): Promise<CommandEnd> {
  await using home = await CommandHome.make();
  return await home.run(["token", "user", ...flags], { env: APP_ENV, compose: logins.compose });
}

Deno.test("`token user` prints the token and nothing else", async () => {
  const logins = new FakeLogins();
  const end = await tokenUser(logins);
  assert.deepEqual(end, { exitCode: 0, stdout: "u-plantedUserToken\n", stderr: "" });
  assert.deepEqual(logins.calls, [["userToken", { minTtlMs: 300_000 }]]);
});

Deno.test("`token user` hands on whose token it is to be, its permissions, and how long it must work", async () => {
  const logins = new FakeLogins();
  await tokenUser(logins, ["--user", "Ann", "--scope", "docx:document, im:message", "--min-ttl", "3600"]);
  assert.deepEqual(logins.calls, [
    ["userToken", { user: "Ann", scopes: ["docx:document", "im:message"], minTtlMs: 3_600_000 }],
  ]);
});

Deno.test("`token user --format json` has the fields of get_feishu_user_token", async () => {
  const { stdout } = await tokenUser(new FakeLogins(), ["--format", "json"]);
  const { expires_in, ...answer } = JSON.parse(stdout);
  assert.ok(expires_in > 7190 && expires_in <= 7200);
  assert.deepEqual(answer, {
    access_token: "u-plantedUserToken",
    expires_at: 1767330245,
    token_type: "Bearer",
    scope: "offline_access docx:document",
    user: { open_id: "ou_ann", name: "Ann" },
  });
});

Deno.test("`token user --format env` prints the variable of a user's token", async () => {
  const { stdout } = await tokenUser(new FakeLogins(), ["--format", "env"]);
  assert.equal(stdout, "FEISHU_USER_ACCESS_TOKEN=u-plantedUserToken\n");
});

Deno.test("`token user` ends with the code of a login when nobody is logged in", async () => {
  const logins = new FakeLogins();
  logins.kept = [];
  const { exitCode, stdout, stderr } = await tokenUser(logins);
  assert.deepEqual([exitCode, stdout], [4, ""]);
  assert(stderr.includes(`Run \`${shownCommand(["login"])}\``), stderr);
  assert.match(stderr, /\(not_logged_in\)\n$/);
});

Deno.test("`token user` refuses more than an hour before anything is asked for", async () => {
  const logins = new FakeLogins();
  const { exitCode, stderr } = await tokenUser(logins, ["--min-ttl", "3601"]);
  assert.deepEqual([exitCode, logins.calls], [2, []]);
  assert.match(stderr, /--min-ttl must be a whole number from 0 to 3600\n$/);
});
