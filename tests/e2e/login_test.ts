import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { LOGIN_ID, STARTED } from "../cli/login/fake_logins.ts";
import { PROGRAM_FOLDER } from "../clients/running_server.ts";
import { python } from "./python.ts";
import { Terminal } from "./terminal.ts";
import { World } from "./world.ts";

const PROGRAM = fileURLToPath(new URL("../cli/login/login_program.ts", import.meta.url));
/** The program on logins that a test made up, with the permissions that its task gives. */
const DENO_ARGS = ["run", "--quiet", "--no-prompt", "-P=serve", PROGRAM];

/** A shell that has typed `login`, on a person who agrees after so many seconds; `null` where there is no terminal. */
async function typedLogin(
  world: World,
  seconds: number,
  env: Record<string, string>,
): Promise<Terminal | null> {
  const found = Deno.build.os === "windows" ? null : await python();
  return found === null ? null : new Terminal({
    command: `"${Deno.execPath()}" ${DENO_ARGS.join(" ")} ${seconds} login`,
    env: { ...await world.env(), ...env },
    cwd: PROGRAM_FOLDER,
    python: found,
  });
}

Deno.test("login over pipes prints link and code as plain lines, and finishes", async () => {
  await using world = await World.create();
  const program = await world.run(["1", "login"], { env: await world.env(), denoArgs: DENO_ARGS });
  const { code, stdout, stderr } = await program.end();
  assert.equal(code, 0, stderr);
  const [, link, userCode, waiting, ...more] = stderr.split("\n");
  assert.deepEqual([link, waiting, more], [STARTED.verificationUrl, "Waiting for the person, 10 min left", [
    "",
  ]]);
  assert.match(userCode ?? "", / ABCD-EFGH$/);
  assert.match(stdout, /^Logged in: Ann \(ou_ann\), tenant \w+\n/);
});

Deno.test("login on a terminal counts down in one line, and removes it before it says who it is", async () => {
  await using world = await World.create();
  await using terminal = await typedLogin(world, 2, {});
  if (terminal === null) return;
  assert.equal(await terminal.exitCode(), 0);
  const shown = terminal.text.split("\r").map((line) => line.trim());
  assert.ok(shown.includes("Waiting for the person, 10:00 left"), terminal.text);
  assert.ok(shown.includes("Waiting for the person, 9:59 left"), terminal.text);
  assert.match(terminal.text, /\r {20,}\rLogged in: Ann/);
});

Deno.test("login on a terminal ends at Ctrl+C with 130, and says how to take the login up", async () => {
  await using world = await World.create();
  await using terminal = await typedLogin(world, 600, {});
  if (terminal === null) return;
  await terminal.shows(/Waiting for the person/);
  await terminal.interrupt();
  assert.equal(await terminal.exitCode(), 130);
  assert.match(
    terminal.text,
    new RegExp(
      `feishu-token-mcp: the login goes on waiting at Feishu until .* login --resume ${LOGIN_ID}\r?\n`,
    ),
  );
  assert.doesNotMatch(terminal.text, /second signal/);
});
