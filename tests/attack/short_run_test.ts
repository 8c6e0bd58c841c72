import assert from "node:assert/strict";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { childCommand } from "../../harness/child_command.ts";
import { mountWrapper } from "../../attack/disk/mount_wrapper.ts";
import { hostEnvironment } from "../clients/host_environment.ts";
import { TempFolder } from "../support/temp_folder.ts";

const PROGRAM = fileURLToPath(new URL("../../attack/attack.ts", import.meta.url));
const mount = await mountWrapper();

/** How `deno task attack` with `args` ended. `wrapper` is a command, with its first arguments, that becomes Deno. */
async function attack(
  args: readonly string[],
  wrapper: readonly string[] = [],
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  await using home = await TempFolder.make();
  const task = ["run", "--quiet", "--no-prompt", "-P=attack", PROGRAM, ...args];
  const [command = Deno.execPath(), ...all] = [...wrapper, Deno.execPath(), ...task];
  const { code, stdout, stderr } = await childCommand(command, {
    args: all,
    cwd: dirname(dirname(PROGRAM)),
    env: await hostEnvironment(home.path),
    clearEnv: true,
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

async function holds(part: string, wrapper: readonly string[] = []): Promise<void> {
  const { code, stdout, stderr } = await attack([part, "--seed", "1", "--short"], wrapper);
  assert.match(
    stdout.trimEnd().split("\n").at(-1) ?? "",
    /^seed=1 cases=[1-9]\d* crash=0 bare_5xx=0 hang=0 secret=0 lost=0 other=0 failed_parts=0$/,
    stderr,
  );
  assert.match(stdout, new RegExp(`^\\| ${part} +\\|.*\\| holds +\\|$`, "m"));
  assert.match(stderr, new RegExp(`repeat with: deno task attack ${part} --seed 1 --short`));
  assert.equal(code, 0);
}

for (const part of ["http", "feishu", "store", "pipes", "secrets", "outage", "connections"]) {
  Deno.test({
    name: `deno task attack ${part} finds nothing in a short run`,
    // Named pipes, signals and limits of a process.
    ignore: Deno.build.os === "windows",
    fn: () => holds(part),
  });
}

Deno.test({
  name: `deno task attack disk finds nothing in a short run${mount === null ? " (SKIPPED: no mount)" : ""}`,
  ignore: mount === null,
  fn: () => holds("disk", mount ?? []),
});

Deno.test("deno task attack ends with 2 for arguments that it cannot read", async () => {
  const { code, stdout, stderr } = await attack(["htpp"]);
  assert.deepEqual([code, stdout], [2, ""]);
  assert.match(stderr, /There is no part "htpp": deno task attack \[part …\].*parts: http, feishu/);
});
