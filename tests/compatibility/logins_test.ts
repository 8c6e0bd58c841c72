import assert from "node:assert/strict";
import { PROGRAM_ARGS, PROGRAM_FOLDER } from "../clients/running_server.ts";
import { getAppToken } from "../e2e/tool_answer.ts";
import { World } from "../e2e/world.ts";
import { decide, finishLogin, localCall, logIn, startLogin } from "../support/login_world.ts";
import { TokenWorld } from "../support/token_world.ts";
import { hasCodeOf010, unpackCodeOf010 } from "./code_of_0_1_0.ts";

/** Older than any draft that 0.1.0 leaves alone. */
const OLD = new Date(2020, 0, 1);

/** Starts 0.1.0 on the store of `world`, lets it answer a call, and ends it. */
async function runServerOf010(world: TokenWorld): Promise<void> {
  await using old = await unpackCodeOf010();
  await using programs = await World.create();
  const program = await programs.start({
    args: ["--sandbox-url", world.sandbox.url, "--kv", world.path],
    env: await programs.bareEnv(),
    denoArgs: PROGRAM_ARGS.map((arg) => arg.replace(PROGRAM_FOLDER, old.path)),
  });
  await getAppToken(await program.listens());
}

Deno.test({
  name: "0.1.0 on the same store leaves logins as they are, also those that are in the journal alone",
  ignore: !await hasCodeOf010(),
  async fn(): Promise<void> {
    await using world = await TokenWorld.create();
    const first = await world.start();
    await logIn(world, first);
    const killed = await world.start();
    const started = await startLogin(world, killed, { another: true });
    await decide(world, started, { user: "bob" });
    killed.kv.onCommit = ({ slots }) => slots.includes("token") ? "throw" : "pass";
    assert.equal((await finishLogin(world, killed, started)).kind, "pending");
    killed.kill();
    // As a process leaves one that was killed before it gave the file its name.
    const journal = `${world.path}.journal`;
    const [file] = (await Array.fromAsync(Deno.readDir(journal))).filter(({ name }) =>
      name.endsWith(".kept")
    );
    assert(file !== undefined);
    const draft = `${journal}/killed.kept-draft`;
    await Deno.rename(`${journal}/${file.name}`, draft);
    await Deno.utime(draft, OLD, OLD);
    await runServerOf010(world);
    await Deno.lstat(draft);
    const next = await world.start();
    assert.equal((await finishLogin(world, next, started)).kind, "done");
    const logins = await next.logins.list(null, localCall(world));
    assert.deepEqual(logins.map(({ user }) => user.name).toSorted(), ["ann", "bob"]);
    for (const { user } of logins) {
      const { accessToken } = await next.logins.userToken(
        world.credentials,
        { user: user.openId, minTtlMs: 0 },
        localCall(world),
      );
      assert.equal(await world.apiCode("user", accessToken), 0);
    }
  },
});
