import assert from "node:assert/strict";
import type { CommandEnd, Surroundings } from "../token/token_platform.ts";
import { AppMachine } from "./app_machine.ts";

type Decision = Readonly<Record<string, unknown>>;

/** What a request says. */
async function saidIn(init: RequestInit | undefined): Promise<string> {
  return init?.body instanceof Blob ? await init.body.text() : "";
}

/** The network of somebody who decides on the page before the program has read the answer that names it. */
function deciding(machine: AppMachine, decision: Decision | null, links: string[] = []): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (!(await saidIn(init)).includes("action=begin")) return response;
    const { user_code } = await response.clone().json();
    links.push(user_code);
    if (decision !== null) {
      const answer = await machine.sandbox.send("POST", "/_sandbox/register", { user_code, ...decision });
      assert.equal(answer.status, 200, answer.text);
    }
    return response;
  };
}

async function register(
  machine: AppMachine,
  decision: Decision | null,
  args: readonly string[] = ["work"],
  more: Surroundings = {},
): Promise<CommandEnd> {
  return await machine.run(["app", "register", ...args], { fetch: deciding(machine, decision), ...more });
}

Deno.test("`app register` keeps the app that a person has made, and shows its secret to nobody", async () => {
  await using machine = await AppMachine.start();
  const { exitCode, stdout, stderr } = await register(machine, { action: "approve" });
  assert.equal(exitCode, 0, stderr);
  assert.match(stdout, /^Kept: work \(cli_5a4db0c0\w{8}, .*\), the default app\n$/);
  assert.match(stderr, /\nhttp:\/\/127\.0\.0\.1:\d+\/page\/cli\?user_code=\S+&createOnly=true&addons=\S+\n/);
  assert.doesNotMatch(stderr, /launcher|device_code/);
  assert.match((await machine.run(["token", "app"])).stdout, /^t-/);
  await machine.logIn("Ada");
});

Deno.test("`app register` finds a name by itself, and never takes that of another app", async () => {
  await using machine = await AppMachine.start();
  assert.match((await register(machine, { action: "approve" }, [])).stdout, /^Kept: feishu /);
  assert.match((await register(machine, { action: "approve" }, [])).stdout, /^Kept: feishu-2 /);
  const taken = await register(machine, { action: "approve" }, ["feishu"]);
  assert.deepEqual([taken.exitCode, /Another kept app has that name/.test(taken.stderr)], [2, true]);
});

Deno.test("`app register` goes on at Lark when the person is of Lark", async () => {
  await using machine = await AppMachine.start();
  const { exitCode, stderr } = await register(machine, { action: "approve", brand: "lark" });
  assert.equal(exitCode, 0, stderr);
  const { apps: [app] } = JSON.parse((await machine.run(["app", "list", "--json"])).stdout);
  assert.equal(app.brand, "lark");
});

Deno.test("`app register` waits until an app that was just made works", async () => {
  await using machine = await AppMachine.start();
  await machine.sandbox.send("POST", "/_sandbox/behaviour", { new_app_needs_moment: true });
  const { exitCode, stderr } = await register(machine, { action: "approve" });
  assert.equal(exitCode, 0, stderr);
});

for (
  const [action, code, exitCode, said] of [
    ["deny", "registration_denied", 4, /declined to make an app/],
    ["expire", "registration_expired", 4, /has expired.*developer console/],
    ["forbid", "registration_forbidden", 3, /does not let them make apps.*administrator/],
  ] as const
) {
  Deno.test(`\`app register\` says in clear words what came of "${action}", and keeps nothing`, async () => {
    await using machine = await AppMachine.start();
    const end = await register(machine, { action });
    assert.equal(end.exitCode, exitCode, end.stderr);
    assert.match(end.stderr, said);
    assert.ok(end.stderr.includes(code), end.stderr);
    assert.deepEqual(JSON.parse((await machine.run(["app", "list", "--json"])).stdout), { apps: [] });
  });
}

Deno.test("`app register` says where to look when the answer with the app is lost", async () => {
  await using machine = await AppMachine.start();
  const begun: string[] = [];
  const network = deciding(machine, { action: "approve" }, begun);
  let polls = 0;
  const { exitCode, stderr } = await register(machine, null, ["work"], {
    fetch: async (input, init) => {
      if (!(await saidIn(init)).includes("action=poll")) return await network(input, init);
      // The first answer is lost on its way; the program asks again, and the code is spent.
      const answer = await network(input, init);
      if (++polls > 1) return answer;
      await answer.body?.cancel();
      return Response.json({ error: "invalid_grant" }, { status: 400 });
    },
  });
  assert.equal(exitCode, 6, stderr);
  assert.match(stderr, /An app may have been made.*open\.feishu\.cn\/app/);
});

Deno.test("`app register` that is stopped while it waits is taken up by the same command, under the same link", async () => {
  await using machine = await AppMachine.start();
  const begun: string[] = [];
  let stop = (): void => {};
  const stopped = await register(machine, null, ["work"], {
    fetch: async (input, init) => {
      const response = await deciding(machine, null, begun)(input, init);
      if ((await saidIn(init)).includes("action=poll")) stop();
      return response;
    },
    onSignal: (handler) => {
      stop = handler;
      return () => {};
    },
  });
  assert.equal(stopped.exitCode, 130, stopped.stderr);
  assert.match(stopped.stderr, /nothing is lost/);
  const [userCode] = begun;
  const decision = { user_code: userCode, action: "approve" };
  assert.equal((await machine.sandbox.send("POST", "/_sandbox/register", decision)).status, 200);
  const again = await register(machine, null, ["work"]);
  assert.equal(again.exitCode, 0, again.stderr);
  assert.ok(again.stderr.includes(`${userCode}`));
  assert.equal(begun.length, 1);
});
