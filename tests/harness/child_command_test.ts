import assert from "node:assert/strict";
import { childCommand } from "../../harness/child_command.ts";
import { runCommand } from "../../harness/run_command.ts";
import { eventually } from "../support/eventually.ts";

const PROJECT = new URL("../../", import.meta.url);
const MODULE = JSON.stringify(import.meta.resolve("../../harness/child_command.ts"));

/** Prints the process id of a child that would run for ten minutes, and waits for it. */
const PARENT = `
  import { childCommand } from ${MODULE};
  const child = childCommand("sleep", { args: ["600"], stdin: "null", stdout: "null", stderr: "null" }).spawn();
  console.log(child.pid);
  await child.status;`;

async function* sourcesIn(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, PROJECT))) {
    if (isDirectory) yield* sourcesIn(`${folder}/${name}`);
    else if (name.endsWith(".ts")) yield `${folder}/${name}`;
  }
}

/** Whether a process runs: not one that has ended and that nobody has waited for. */
async function isRunning(pid: number): Promise<boolean> {
  const { output } = await runCommand("ps", ["-o", "stat=", "-p", String(pid)]);
  return output.trim() !== "" && !output.trim().startsWith("Z");
}

async function hasSetpriv(): Promise<boolean> {
  return Deno.build.os === "linux" && await Deno.stat("/usr/bin/setpriv").then(() => true, () => false);
}

Deno.test({
  name: "childCommand() starts a program that ends when its parent is killed",
  ignore: !await hasSetpriv(),
  async fn(): Promise<void> {
    const parent = childCommand(Deno.execPath(), {
      args: ["eval", "--quiet", PARENT],
      stdin: "null",
      stdout: "piped",
    }).spawn();
    const reader = parent.stdout.getReader();
    const pid = Number(new TextDecoder().decode((await reader.read()).value));
    assert(await isRunning(pid));
    parent.kill("SIGKILL");
    await parent.status;
    await reader.cancel();
    await eventually(() => "the child has ended", async () => !await isRunning(pid));
  },
});

Deno.test("childCommand() starts the program itself, with its arguments and streams", async () => {
  const program = `await Deno.stdout.write(new TextEncoder().encode([Deno.pid, ...Deno.args].join()));`;
  const child = childCommand(Deno.execPath(), {
    args: ["eval", "--quiet", program, "--", "a b", "--reuid"],
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const { code, stdout } = await child.output();
  assert.deepEqual([code, new TextDecoder().decode(stdout)], [0, `${child.pid},a b,--reuid`]);
});

Deno.test("every program of Deno's that a test or a run starts ends with it", async () => {
  const loose: string[] = [];
  for (const folder of ["tests", "chaos", "attack", "bench", "harness"]) {
    for await (const path of sourcesIn(folder)) {
      const text = await Deno.readTextFile(new URL(path, PROJECT));
      if (/new Deno\.Command\(\s*Deno\.execPath/.test(text)) loose.push(path);
    }
  }
  assert.deepEqual(loose, ["attack/pipes/dying_host.ts"]);
});
