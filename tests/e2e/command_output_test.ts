import assert from "node:assert/strict";
import { shownCommand } from "../../src/cli/command_line/shown_command.ts";
import type { Program } from "./program.ts";
import { python } from "./python.ts";
import { World } from "./world.ts";

/**
 * Runs its arguments from the second on, on a pipe for standard output that is full already; as its first argument says,
 * one that blocks, or one that was made non-blocking. Says "still running" when the program has not ended after a second.
 * Then it does what the next line of its standard input says: it reads what the program writes, and repeats that, or it
 * ends the program.
 */
const FULL_PIPE = `
import os, subprocess, sys
reading, writing = os.pipe()
os.set_blocking(writing, False)
filled = 0
try:
    while True: filled += os.write(writing, b"." * 4096)
except BlockingIOError: pass
os.set_blocking(writing, sys.argv[1] == "blocking")
child = subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL, stdout=writing)
os.close(writing)
try: child.wait(1)
except subprocess.TimeoutExpired: print("still running", file=sys.stderr, flush=True)
if sys.stdin.readline() == "end\\n":
    child.terminate()
    sys.exit(128 - child.wait())
got = b""
while chunk := os.read(reading, 65536): got += chunk
sys.stdout.buffer.write(got[filled:])
sys.exit(child.wait())
`;

/** Starts `args` on a pipe that is full; `null` where there is no Python. */
async function onFullPipe(world: World, kind: string, args: readonly string[]): Promise<Program | null> {
  const found = await python();
  if (found === null) return null;
  const wrapper = [found, "-c", FULL_PIPE, kind];
  return await world.run(args, { env: await world.env(), wrapper, stdin: true });
}

for (const kind of ["blocking", "non-blocking"]) {
  Deno.test.each<[string, string[], RegExp]>([
    ["token app", ["token", "app"], /^t-[A-Za-z0-9]+\n$/],
    [
      "doctor",
      ["doctor"],
      new RegExp(
        `^ok .*\n[^]*app credentials[^]* failed\n[^]*\n {2}${RegExp.escape(shownCommand(["start"]))}\n$`,
      ),
    ],
    ["--help", ["--help"], /^feishu-token-mcp [^]*Exit codes[^]*\n$/],
  ])(`%s writes all of its output to a full ${kind} pipe before it ends`, async (_name, args, whole) => {
    await using world = await World.create();
    const command = await onFullPipe(world, kind, args);
    if (command === null) return;
    await command.says(/still running/);
    await command.type("read\n");
    const { code, stdout } = await command.end();
    assert.match(stdout, whole);
    assert.equal(code, 0);
  });
}

Deno.test("token app ends at SIGTERM although nobody reads its output", async () => {
  await using world = await World.create();
  const command = await onFullPipe(world, "blocking", ["token", "app"]);
  if (command === null) return;
  await command.says(/still running/);
  await command.type("end\n");
  assert.equal((await command.end()).code, 128 + 15);
});

Deno.test.each<[string, string, RegExp]>([
  [
    "nobody can read",
    '{ "$@"; echo "code $?" >&2; } | true',
    /Cannot write standard output: broken pipe\. The output is incomplete/,
  ],
  [
    "has no room",
    '"$@" > /dev/full; echo "code $?" >&2',
    /Cannot write standard output: no space left on device\. The output/,
  ],
])("token app ends with 1 and says why when %s", async (_where, script, why) => {
  if (Deno.build.os !== "linux") return;
  await using world = await World.create();
  const command = await world.run(["token", "app"], {
    env: await world.env(),
    wrapper: ["sh", "-c", script, "sh"],
  });
  assert.equal(await command.says(/code (\d+)/), "1");
  assert.match(command.stderr, why);
});
