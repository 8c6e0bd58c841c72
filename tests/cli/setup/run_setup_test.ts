import assert from "node:assert/strict";
import { DEFAULT_SANDBOX_APP } from "../../../src/sandbox/sandbox_apps.ts";
import { AppMachine } from "../apps/app_machine.ts";
import type { CommandEnd, Surroundings } from "../token/token_platform.ts";

/** Runs `setup` on the simulated Feishu, where a person agrees by themselves. */
async function setup(
  machine: AppMachine,
  flags: readonly string[],
  more: Surroundings = {},
): Promise<CommandEnd> {
  const env = { FEISHU_BASE_URL: "" };
  return await machine.run(["setup", "--sandbox-url", machine.sandbox.url, ...flags], { env, ...more });
}

async function appsOf(machine: AppMachine): Promise<readonly { name: string; app_id: string }[]> {
  const args = ["app", "list", "--json", "--sandbox-url", machine.sandbox.url];
  return JSON.parse((await machine.run(args, { env: { FEISHU_BASE_URL: "" } })).stdout).apps;
}

Deno.test("`setup --yes` leads from nothing to a token, and finds everything done the second time", async () => {
  await using machine = await AppMachine.start();
  const first = await setup(machine, ["--yes"]);
  assert.equal(first.exitCode, 0, first.stderr);
  assert.match(first.stderr, /App: feishu \(cli_\w+\), kept and proven/);
  assert.match(first.stdout, /^Logged in: Ada \(ou_\w+\)/);
  assert.match(
    first.stdout,
    /\nA token of Ada \(ou_\w+\) works: eyJ.…, until .*\nAsk your agent, for instance: "Get my Feishu user token\."\nIn a terminal:/,
  );
  assert.doesNotMatch(first.stdout + first.stderr, /eyJ[\w-]{5}/);

  const second = await setup(machine, ["--yes"]);
  assert.equal(second.exitCode, 0, second.stderr);
  assert.match(
    second.stderr,
    /^This Feishu is simulated: .*\nApp: feishu \(cli_\w+\) is kept already, and works\nLogin: Ada .* already\n/,
  );
  assert.equal((await appsOf(machine)).length, 1);
});

Deno.test("`setup --new-app` makes a further app, and only then", async () => {
  await using machine = await AppMachine.start();
  assert.equal((await setup(machine, ["--yes"])).exitCode, 0);
  const again = await setup(machine, ["--yes", "--new-app", "--no-keep"]);
  assert.equal(again.exitCode, 0, again.stderr);
  assert.deepEqual((await appsOf(machine)).map(({ name }) => name), ["feishu", "feishu-2"]);
});

Deno.test("`setup` without a terminal and without --yes ends with 2, and names the flags", async () => {
  await using machine = await AppMachine.start();
  const { exitCode, stdout, stderr } = await setup(machine, []);
  assert.deepEqual([exitCode, stdout], [2, ""]);
  for (const flag of ["--yes", "--brand", "--client", "--scope", "--keep", "--no-keep"]) {
    assert.ok(stderr.includes(flag), flag);
  }
  assert.deepEqual(await appsOf(machine), []);
});

Deno.test("`setup` on a terminal asks for what it cannot know, in the terminal's language", async () => {
  await using machine = await AppMachine.start();
  const { appId, appSecret } = DEFAULT_SANDBOX_APP;
  const { exitCode, stdout, stderr } = await setup(machine, ["--lang", "zh"], {
    stdin: `1\n2\n${appId}\n${appSecret}\r\nemacs\n\nn\n`,
    columns: 100,
  });
  assert.equal(exitCode, 0, stderr);
  assert.match(
    stderr,
    /使用飞书（1）还是 Lark（2）？\[1\] 扫码创建新应用（1），还是使用已有的应用（2）？\[1\] App ID（/,
  );
  assert.match(stderr, /应用：feishu（cli_5a4db0c000000001），已保存并通过验证/);
  assert.equal(stderr.split("由哪个客户端使用").length, 3, "a client that there is not is asked for again");
  assert.doesNotMatch(stdout + stderr, new RegExp(appSecret));
});

Deno.test("`setup` asks for the secret of a kept app that was reset, and goes on", async () => {
  await using machine = await AppMachine.start();
  const flags = ["--yes", "--app-id", DEFAULT_SANDBOX_APP.appId];
  const first = await setup(machine, flags, { stdin: DEFAULT_SANDBOX_APP.appSecret });
  assert.equal(first.exitCode, 0, first.stderr);
  const secret = "aNewSecretOfTheAppOfTheSandbox01";
  await machine.reset(secret);
  await machine.pass(2 * 3_600_000);
  const refused = await setup(machine, ["--yes"]);
  assert.equal(refused.exitCode, 3, refused.stderr);
  const { exitCode, stderr } = await setup(machine, ["--no-keep"], {
    stdin: `${secret}\r\n\n`,
    columns: 100,
  });
  assert.equal(exitCode, 0, stderr);
  assert.match(stderr, /Feishu refuses the secret of feishu/);
});

Deno.test("`setup` ends with 4 and says what to switch on when the login cannot be renewed", async () => {
  await using machine = await AppMachine.start();
  await machine.sandbox.send("POST", "/_sandbox/behaviour", { refresh_token_given: false });
  const { exitCode, stdout, stderr } = await setup(machine, ["--yes"]);
  assert.equal(exitCode, 4, stderr);
  assert.match(stderr, /cannot be renewed.*Then run setup again/);
  assert.doesNotMatch(stdout, /A token of/);
});
