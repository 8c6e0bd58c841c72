import assert from "node:assert/strict";
import { DEFAULT_SANDBOX_APP, FOREIGN_SANDBOX_APP } from "../../../src/sandbox/sandbox_apps.ts";
import { APP_ENV } from "../login/fake_logins.ts";
import { AppMachine } from "./app_machine.ts";

const ADD = ["app", "add", "work", "--app-id", DEFAULT_SANDBOX_APP.appId];

Deno.test("`app add` keeps an app that Feishu accepts, and every command takes it from then on", async () => {
  await using machine = await AppMachine.start();
  const added = await machine.run(ADD, { stdin: `${DEFAULT_SANDBOX_APP.appSecret}\n` });
  assert.deepEqual(added, {
    exitCode: 0,
    stdout: `Kept: work (${DEFAULT_SANDBOX_APP.appId}, ${machine.sandbox.url}), the default app\n`,
    stderr: "",
  });
  assert.match((await machine.run(["token", "app"])).stdout, /^t-/);
  await machine.logIn();
  assert.match((await machine.run(["token", "user"])).stdout, /^eyJ/);
  assert.match((await machine.run(["keep"])).stdout, /Nothing was due/);
  const doctor = JSON.parse((await machine.run(["doctor", "--json"])).stdout);
  const check = doctor.checks.find(({ name }: { name: string }) => name === "app credentials");
  assert.equal(check.status, "ok", JSON.stringify(check));
});

Deno.test("`app add` keeps nothing that Feishu refuses", async () => {
  await using machine = await AppMachine.start();
  const { exitCode, stderr } = await machine.run(ADD, { stdin: "aSecretThatTheAppDoesNotHave0001" });
  assert.equal(exitCode, 3, stderr);
  assert.match(stderr, /10014/);
  assert.doesNotMatch(stderr, /aSecretThat/);
  assert.deepEqual(JSON.parse((await machine.run(["app", "list", "--json"])).stdout), { apps: [] });
});

Deno.test("`app add` takes the address of Feishu with the app, so that no other command needs it", async () => {
  await using machine = await AppMachine.start();
  await machine.add("work");
  const { exitCode, stdout, stderr } = await machine.run(["token", "app"], { env: { FEISHU_BASE_URL: "" } });
  assert.equal(exitCode, 0, stderr);
  assert.match(stdout, /^t-/);
});

Deno.test("`app add` refuses a name that another app has before it asks for the secret", async () => {
  await using machine = await AppMachine.start();
  await machine.add("work");
  const stdin = "never read";
  const end = await machine.run(["app", "add", "work", "--app-id", FOREIGN_SANDBOX_APP.appId], { stdin });
  assert.equal(end.exitCode, 2);
  assert.match(end.stderr, /Another kept app has that name: work/);
});

Deno.test("`app add` without a terminal needs the App ID and the secret", async () => {
  await using machine = await AppMachine.start();
  const noId = await machine.run(["app", "add", "work"], { stdin: "secret" });
  assert.deepEqual([noId.exitCode, /--app-id/.test(noId.stderr)], [2, true]);
  const noSecret = await machine.run(ADD);
  assert.deepEqual([noSecret.exitCode, /There is no App Secret/.test(noSecret.stderr)], [2, true]);
});

Deno.test("`app add` on a terminal asks for the App ID, and for the secret unseen", async () => {
  await using machine = await AppMachine.start();
  const hidden: boolean[] = [];
  const { exitCode, stdout, stderr } = await machine.run(["app", "add", "work"], {
    stdin: `${DEFAULT_SANDBOX_APP.appId}\n${DEFAULT_SANDBOX_APP.appSecret}\r`,
    columns: 80,
    hideInput: (isHidden) => hidden.push(isHidden),
  });
  assert.equal(exitCode, 0, stderr);
  assert.deepEqual(hidden, [true, false]);
  assert.match(stderr, /^App ID \(https:\/\/open\.feishu\.cn\/app, .*\): App Secret \(.*\): \n$/);
  assert.doesNotMatch(stdout + stderr, new RegExp(DEFAULT_SANDBOX_APP.appSecret));
});

Deno.test("`app` says before any question that a store without a key of its own keeps no app", async () => {
  await using machine = await AppMachine.start();
  const end = await machine.run(["app", "add", "work", "--kv", ":memory:"], { columns: 80 });
  assert.deepEqual([end.exitCode, end.stdout], [2, ""]);
  assert.match(end.stderr, /^feishu-token-mcp: The store is in memory/);
});

Deno.test("`app` never takes a secret for a name, and shows no further word", async () => {
  await using machine = await AppMachine.start();
  const secret = "aSecretThatTheAppDoesNotHave0001";
  const asName = await machine.run(["app", "add", secret]);
  const asWord = await machine.run(["app", "add", "work", secret]);
  assert.deepEqual([asName.exitCode, asWord.exitCode], [2, 2]);
  assert.doesNotMatch(asName.stderr + asWord.stderr, /aSecret/);
  assert.match((await machine.run(["app", "rename", "work"])).stderr, /must be followed by NAME and NEW/);
});

Deno.test("`app list`, `use` and `rename` show and change which app counts, and no secret", async () => {
  await using machine = await AppMachine.start();
  await machine.add("work");
  await machine.add("home", FOREIGN_SANDBOX_APP);
  assert.match((await machine.run(["app", "use", "home"])).stdout, /^Kept: home .*, the default app\n$/);
  assert.match((await machine.run(["app", "rename", "home", "工作"])).stdout, /^Kept: 工作 /);
  const { stdout } = await machine.run(["app", "list"]);
  assert.match(stdout, /^NAME +APP ID +FEISHU +ADDED +DEFAULT\nwork .*\n工作 .* yes\n$/);
  const { apps } = JSON.parse((await machine.run(["app", "list", "--json"])).stdout);
  assert.deepEqual(apps.map(({ name, is_default }: Record<string, unknown>) => [name, is_default]), [
    ["work", false],
    ["工作", true],
  ]);
  assert.doesNotMatch(stdout + JSON.stringify(apps), /sandboxSecret/);
});

Deno.test("the app that is named counts before the environment's, with a warning; that counts before the default", async () => {
  await using machine = await AppMachine.start();
  await machine.add("work", FOREIGN_SANDBOX_APP);
  const refused = await machine.run(["token", "app"], { env: APP_ENV });
  assert.equal(refused.exitCode, 3, "the secret of the environment is not the app's");
  const named = ["token", "app", "--app", "work", "--log-level", "info", "--log-format", "human"];
  const { exitCode, stderr } = await machine.run(named, { env: APP_ENV });
  assert.equal(exitCode, 0, stderr);
  assert.match(stderr, /the kept app work is used; FEISHU_APP_ID and FEISHU_APP_SECRET are not/);
  const byVariable = await machine.run(["token", "app"], { env: { ...APP_ENV, FEISHU_APP: "work" } });
  assert.equal(byVariable.exitCode, 0, byVariable.stderr);
  const unknown = await machine.run(["token", "app", "--app", "gone"]);
  assert.deepEqual([unknown.exitCode, /no kept app of that name: gone/.test(unknown.stderr)], [3, true]);
});

Deno.test("`app secret` takes the secret after a reset, and no login is lost", async () => {
  await using machine = await AppMachine.start();
  await machine.add("work");
  await machine.logIn();
  await machine.reset("aNewSecretOfTheAppOfTheSandbox01");
  await machine.pass(5 * 86_400_000);
  assert.equal((await machine.run(["token", "user"])).exitCode, 3);
  const stdin = "aNewSecretOfTheAppOfTheSandbox01";
  const { exitCode, stdout, stderr } = await machine.run(["app", "secret", "work"], { stdin });
  assert.equal(exitCode, 0, stderr);
  assert.match(stdout, /^The secret of work is replaced/);
  const token = await machine.run(["token", "user"]);
  assert.equal(token.exitCode, 0, token.stderr);
});

Deno.test("`app secret` keeps the old secret where Feishu refuses the new one", async () => {
  await using machine = await AppMachine.start();
  await machine.add("work");
  const { exitCode } = await machine.run(["app", "secret", "work"], {
    stdin: "aSecretThatTheAppDoesNotHave0001",
  });
  assert.equal(exitCode, 3);
  assert.equal((await machine.run(["token", "app"])).exitCode, 0);
});

Deno.test("`app remove` ends the logins of the app, after a question", async () => {
  await using machine = await AppMachine.start();
  await machine.add("work");
  await machine.logIn();
  const nobody = await machine.run(["app", "remove", "work"]);
  assert.deepEqual([nobody.exitCode, /--yes/.test(nobody.stderr)], [2, true]);
  const no = await machine.run(["app", "remove", "work"], { columns: 80, stdin: "n\n" });
  assert.deepEqual([no.exitCode, no.stdout], [0, ""]);
  assert.match(no.stderr, /End the logins of work \(Ann \(ou_\w+\)\) and forget the app\?/);
  const { exitCode, stdout } = await machine.run(["app", "remove", "work", "--yes"]);
  assert.equal(exitCode, 0);
  assert.match(stdout, /^Logged out: Ann \(ou_\w+\)\nForgotten: work\n$/);
  assert.deepEqual(JSON.parse((await machine.run(["status", "--json"])).stdout), {
    logins: [],
    renewed_by: [],
  });
  assert.equal((await machine.run(["token", "app"])).exitCode, 3);
});

Deno.test("`keep` renews the logins of every kept app, also of one at another Feishu", async () => {
  await using machine = await AppMachine.start();
  await using elsewhere = await AppMachine.start();
  await machine.add("work");
  await machine.logIn("Ann");
  await machine.add("home", FOREIGN_SANDBOX_APP);
  await machine.logIn("Bo", ["--app", "home"]);
  const env = { FEISHU_BASE_URL: elsewhere.sandbox.url };
  await machine.add("away", DEFAULT_SANDBOX_APP, env);
  await machine.pass(5 * 86_400_000);
  const { exitCode, stdout, stderr } = await machine.run(["keep", "--json"], {
    env: { FEISHU_BASE_URL: "" },
  });
  assert.equal(exitCode, 0, stderr);
  const { renewed, without_secret } = JSON.parse(stdout);
  const names = renewed.map(({ user }: { user: { name: string } }) => user.name);
  assert.deepEqual([names.toSorted(), without_secret], [["Ann", "Bo"], []]);
});
