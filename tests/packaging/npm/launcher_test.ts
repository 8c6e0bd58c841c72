import assert from "node:assert/strict";
import { Program } from "../../e2e/program.ts";
import { python } from "../../e2e/python.ts";
import { Terminal } from "../../e2e/terminal.ts";
import { eventually } from "../../support/eventually.ts";
import { nodePath, NpmInstallation } from "./npm_installation.ts";

/** A session of its own has no terminal, whatever the tests run on. */
const SETSID = "/usr/bin/setsid";
const ignore = Deno.build.os === "windows";
let installation: NpmInstallation;

Deno.test.beforeAll(async () => {
  installation = await NpmInstallation.make("tests/packaging/npm/counting_program.ts");
});

Deno.test.afterAll(async () => {
  await installation[Symbol.asyncDispose]();
});

/** Starts the package's command, away from any terminal. */
async function start(...args: string[]): Promise<Program> {
  const program = new Program({
    args: [],
    command: [SETSID, await nodePath(), installation.bin, ...args],
    env: await installation.env(),
    cwd: "/",
    stdin: true,
  });
  await program.answers(/ready \d+/);
  return program;
}

Deno.test.each<Deno.Signal>(["SIGTERM", "SIGINT", "SIGHUP"])(
  "the npm command passes %s on to Deno once, and waits for it",
  async (signal) => {
    if (ignore) return;
    await using program = await start("0");
    program.kill(signal);
    const { code, stdout } = await program.end();
    assert.match(stdout, new RegExp(`^${signal} times 1$`, "m"));
    assert.equal(code, 0);
  },
);

Deno.test({
  name: "the npm command lets one Ctrl+C on a terminal reach Deno once",
  ignore,
  async fn(): Promise<void> {
    const found = await python();
    if (found === null) return;
    await using terminal = new Terminal({
      command: `"${await nodePath()}" "${installation.bin}" 7`,
      env: await installation.env(),
      cwd: "/",
      python: found,
    });
    await terminal.shows(/ready \d+/);
    await terminal.interrupt();
    assert.equal(await terminal.shows(/SIGINT times (\d+)/), "1");
    assert.equal(await terminal.exitCode(), 7);
  },
});

Deno.test({
  name: "the npm command lets one Ctrl+C reach Deno once when its output is not the terminal's",
  ignore,
  async fn(): Promise<void> {
    const found = await python();
    if (found === null) return;
    const file = `${installation.home}/output`;
    await using terminal = new Terminal({
      command:
        `mkfifo "${file}.in"; "${await nodePath()}" "${installation.bin}" 7 <>"${file}.in" >"${file}" 2>&1`,
      env: await installation.env(),
      cwd: "/",
      python: found,
    });
    await eventually(() => "ready", async () => /ready/.test(await Deno.readTextFile(file).catch(() => "")));
    await terminal.interrupt();
    assert.equal(await terminal.exitCode(), 7);
    assert.match(await Deno.readTextFile(file), /^SIGINT times 1$/m);
  },
});

Deno.test({
  name: "the npm command ends with Deno's exit code",
  ignore,
  async fn(): Promise<void> {
    await using program = await start("42");
    await program.closeStdin();
    assert.equal((await program.end()).code, 42);
  },
});

Deno.test.each<[Deno.Signal, number]>([["SIGKILL", 137], ["SIGUSR2", 140]])(
  "the npm command ends by the signal that ended Deno: %s",
  async (signal, code) => {
    if (ignore) return;
    // A shell tells an end by a signal as 128 and its number. An exit with such a code would look the same, but bash
    // names a signal too.
    const line = `"${await nodePath()}" "${installation.bin}" ${signal}; echo "code $?"`;
    await using program = new Program({
      args: [],
      command: [SETSID, "bash", "-c", line],
      env: await installation.env(),
      cwd: "/",
      stdin: true,
    });
    await program.answers(/ready \d+/);
    await program.closeStdin();
    const { stdout, stderr } = await program.end();
    assert.match(stdout, new RegExp(`^code ${code}$`, "m"));
    assert.match(stderr, /Killed|User defined signal 2/);
  },
);

Deno.test({
  name: "Deno ends by the end of its input when the npm command is killed",
  ignore,
  async fn(): Promise<void> {
    await using program = await start("0");
    program.kill("SIGKILL");
    await program.closeStdin();
    // Whose streams stay open until the last program that has them is gone.
    assert.match((await program.end()).stdout, /^end of input$/m);
  },
});

Deno.test({
  name: "the npm command says in one line what is missing, and starts nothing, where Deno is not installed",
  ignore,
  async fn(): Promise<void> {
    const hidden = `${installation.denoFolder}.hidden`;
    await Deno.rename(installation.denoFolder, hidden);
    try {
      for (
        const [lang, said] of [["", / is not installed, .*--include=optional/], [
          "zh_CN.UTF-8",
          /未安装/,
        ]] as const
      ) {
        await using program = new Program({
          args: [],
          command: [await nodePath(), installation.bin, "--stdio"],
          env: { ...await installation.env(), LANG: lang },
        });
        const { code, stdout, stderr } = await program.end();
        assert.match(stderr, said);
        assert.deepEqual([code, stdout, stderr.trimEnd().split("\n").length], [2, "", 1]);
      }
    } finally {
      await Deno.rename(hidden, installation.denoFolder);
    }
  },
});
