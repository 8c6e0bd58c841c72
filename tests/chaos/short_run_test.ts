import assert from "node:assert/strict";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { childCommand } from "../../harness/child_command.ts";
import { hostEnvironment } from "../clients/host_environment.ts";
import { findDenoKv } from "../support/denokv.ts";
import { TempFolder } from "../support/temp_folder.ts";

const PROGRAM = fileURLToPath(new URL("../../chaos/chaos.ts", import.meta.url));
/** One kill at each point. */
const KILLS = 7;
/** One kill at each point of a login too. */
const LOGIN_KILLS = 17;
const denokv = await findDenoKv();

/** How `deno task chaos` with `args` ended. */
async function chaos(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  await using home = await TempFolder.make();
  const { code, stdout, stderr } = await childCommand(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "-P=chaos", PROGRAM, ...args],
    cwd: dirname(dirname(PROGRAM)),
    env: { ...await hostEnvironment(home.path), ...env },
    clearEnv: true,
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

async function findsNothing(
  store: "file" | "denokv",
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const { code, stdout, stderr } = await chaos(["--kills", `${KILLS}`, "--store", store, "--seed", "1"], env);
  assert.match(
    stdout,
    new RegExp(`^seed=1 kills=${KILLS} double_presentations=0 silent_losses=0\n$`, "m"),
    stderr,
  );
  assert.equal(stdout.trimEnd().split("\n").at(-1)?.startsWith("seed=1 "), true);
  assert.match(stdout, /^\| late answers +\| 0 \|$/m);
  assert.match(stderr, /repeat with: deno task chaos --processes 4 --kills 7/);
  assert.equal(code, 0);
}

Deno.test("deno task chaos finds nothing in a short run on a file", () => findsNothing("file", {}));

Deno.test({
  name: "deno task chaos finds nothing in a short run on denokv",
  ignore: denokv === undefined,
  fn: () => findsNothing("denokv", { DENOKV_BIN: denokv ?? "" }),
});

Deno.test("deno task chaos --logins finds nothing in a short run on a file", async () => {
  const args = ["--kills", `${LOGIN_KILLS}`, "--logins", "--seed", "1"];
  const { code, stdout, stderr } = await chaos([...args, "--behaviour", "second_login_kills_first=true"]);
  const counts = "double_presentations=0 silent_losses=0 lost_logins=0 other_login_findings=0";
  assert.match(stdout, new RegExp(`^seed=1 kills=${LOGIN_KILLS} ${counts}\n$`, "m"), stderr);
  assert.match(stdout, /^\| logins by the device flow +\| [1-9]/m);
  assert.match(stdout, /^\| late answers +\| 0 \|$/m);
  assert.equal(code, 0);
});

Deno.test("deno task chaos ends with 2 and says what to do where there is no denokv", async () => {
  // Deno is started by its path, so that an empty PATH hides every denokv there is.
  const { code, stdout, stderr } = await chaos(["--store", "denokv"], {
    PATH: "",
    DENOKV_BIN: "/nowhere/denokv",
  });
  assert.equal(code, 2);
  assert.equal(stdout, "");
  assert.match(stderr, /There is no denokv: install it with `cargo install denokv --locked`/);
});

Deno.test("deno task chaos ends with 2 for arguments that it cannot read", async () => {
  const { code, stdout, stderr } = await chaos(["--kills", "0"]);
  assert.deepEqual([code, stdout], [2, ""]);
  assert.match(stderr, /--kills 0: a whole number from 1 to 100000 is wanted/);
});
