import assert from "node:assert/strict";
import { PROGRAM_FOLDER } from "../clients/running_server.ts";
import { python } from "./python.ts";
import { Terminal } from "./terminal.ts";
import { World } from "./world.ts";

const ignore = Deno.build.os === "windows";

/** As `deno task exec` starts it. */
const CLI_ARGS = ["run", "--quiet", "--no-prompt", "-P=cli", `${PROGRAM_FOLDER}/main.ts`];

/** A program that says when it is ready, and counts the signals that it gets until the file `stop` is made. */
function counting(signal: string, stop: string): string {
  return `count=0; trap 'count=$((count+1)); echo "got $count"' ${signal}; echo ready; ` +
    `while [ ! -e "${stop}" ]; do sleep 0.1; done; exit $((40+count))`;
}

Deno.test({
  name: "exec passes standard streams and the exit code through, as `deno task exec` starts it",
  ignore,
  async fn(): Promise<void> {
    await using world = await World.create();
    const script =
      'read line; echo "$line $FEISHU_TENANT_ACCESS_TOKEN $FEISHU_APP_SECRET"; echo told >&2; exit 3';
    const program = await world.run(["exec", "--as", "tenant", "--", "sh", "-c", script], {
      env: await world.env(),
      denoArgs: CLI_ARGS,
      stdin: true,
    });
    await program.type("hello\n");
    const { code, stdout, stderr } = await program.end();
    assert.match(stdout, /^hello t-[A-Za-z0-9]+ \n$/);
    assert.deepEqual([code, stderr], [3, "told\n"]);
  },
});

Deno.test({
  name: "exec says which permission set helps when it is started with that of the server",
  ignore,
  async fn(): Promise<void> {
    await using world = await World.create();
    const program = await world.run(["exec", "--as", "app", "--", "true"], { env: await world.env() });
    const { code, stderr } = await program.end();
    assert.equal(code, 2);
    assert.match(
      stderr,
      /permissions that this needs: --allow-env, --allow-run; put -P=cli in front of main\.ts/,
    );
  },
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  Deno.test({
    name: `exec passes ${signal} on, once, and ends as the program does`,
    ignore,
    async fn(): Promise<void> {
      await using world = await World.create();
      const stop = `${world.home}/stop`;
      const script = counting(signal.slice(3), stop);
      const program = await world.run(["exec", "--as", "app", "--", "sh", "-c", script], {
        env: await world.env(),
        denoArgs: CLI_ARGS,
      });
      await program.answers(/ready/);
      program.kill(signal);
      await program.answers(/got 1/);
      await Deno.writeTextFile(stop, "");
      const { code, stdout } = await program.end();
      assert.deepEqual([code, stdout], [41, "ready\ngot 1\n"]);
    },
  });
}

for (const launcher of ["deno run", "deno task"] as const) {
  Deno.test(`${launcher}, exec: a Ctrl+C on a terminal reaches the program once`, async () => {
    const found = ignore ? null : await python();
    if (found === null) return;
    await using world = await World.create();
    await Deno.writeTextFile(`${world.home}/script`, counting("INT", `${world.home}/stop`));
    const deno = `"${Deno.execPath()}"`;
    const start = launcher === "deno run"
      ? `${deno} run --quiet --no-prompt -P=cli main.ts exec`
      : `${deno} task --quiet exec`;
    await using terminal = new Terminal({
      command: `${start} --as app -- sh "${world.home}/script"`,
      env: { ...await world.env(), DENO_NO_UPDATE_CHECK: "1" },
      cwd: PROGRAM_FOLDER,
      python: found,
    });
    await terminal.shows(/ready/);
    await terminal.interrupt();
    await terminal.shows(/got 1/);
    await Deno.writeTextFile(`${world.home}/stop`, "");
    assert.equal(await terminal.exitCode(), 41);
    assert.doesNotMatch(terminal.text, /got 2/);
  });
}

Deno.test({
  name: "a server that is started with the permissions of exec gives up running programs",
  ignore,
  async fn(): Promise<void> {
    await using world = await World.create();
    // Whatever comes into the server's process has its permissions, a preloaded module too.
    const preload = `${world.home}/preload.ts`;
    await Deno.writeTextFile(
      preload,
      `Deno.addSignalListener("SIGUSR1", () =>
         console.error("run is " + Deno.permissions.querySync({ name: "run" }).state));`,
    );
    const denoArgs = ["run", "--quiet", "--no-prompt", `--preload=${preload}`, ...CLI_ARGS.slice(3)];
    const server = await world.start({ denoArgs });
    await server.listens();
    server.kill("SIGUSR1");
    assert.equal(await server.says(/run is (\w+)/), "prompt");
    server.kill("SIGTERM");
    assert.equal(await server.exitCode(), 0);
  },
});
