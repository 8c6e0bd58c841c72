import assert from "node:assert/strict";
import { createRunTool } from "../../src/process/run_tool.ts";
import { findOnPath } from "../../src/process/find_on_path.ts";
import type { Clock } from "../../src/ports/clock.ts";
import { TempFolder } from "../support/temp_folder.ts";

const ignore = Deno.build.os === "windows";

/** No time is ever up. */
const PATIENT: Clock = {
  now: () => 0,
  monotonic: () => 0,
  sleep: (_ms, signal) =>
    new Promise((_, reject) =>
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true })
    ),
};
/** Every time is up at once. */
const IMPATIENT: Clock = { now: () => 0, monotonic: () => 0, sleep: () => Promise.resolve() };

function sh(script: string, clock: Clock): ReturnType<ReturnType<typeof createRunTool>> {
  const args = ["-c", script, "sh", "a b", "$HOME"];
  return createRunTool(clock)({ file: "/bin/sh", args, env: { A: "小" }, deadlineMs: 1 });
}

Deno.test({
  name: "createRunTool() runs a program with these arguments and this environment alone, without input",
  ignore,
  async fn(): Promise<void> {
    const end = await sh('cat; echo "$1|$2|$A|$HOME"; echo no >&2; exit 3', PATIENT);
    assert.deepEqual(end, { code: 3, stdout: "a b|$HOME|小|\n", stderr: "no\n" });
  },
});

Deno.test({
  name: "createRunTool() kills a program whose time is up, and leaves what that has started alone",
  ignore,
  async fn(): Promise<void> {
    const { code } = await sh("sleep 600 & echo $!; wait", IMPATIENT);
    assert.equal(code, 137);
  },
});

Deno.test("createRunTool() rejects when there is no such program", async () => {
  const call = { file: "/no/such/program", args: [], env: {}, deadlineMs: 1 };
  await assert.rejects(createRunTool(PATIENT)(call), Deno.errors.NotFound);
});

Deno.test({
  name: "findOnPath() finds the first program that may be run, in absolute folders",
  ignore,
  async fn(): Promise<void> {
    await using folder = await TempFolder.make();
    const [a, b, c] = ["a", "b b", "c"].map((name) => `${folder.path}/${name}`);
    for (const each of [a, b, c]) await Deno.mkdir(each ?? "");
    await Deno.writeTextFile(`${a}/tool`, "", { mode: 0o644 });
    await Deno.writeTextFile(`${b}/tool`, "", { mode: 0o755 });
    await Deno.mkdir(`${c}/other`);
    const env = (name: string): string | undefined => name === "PATH" ? `.:/no:${a}:${b}:${c}` : undefined;
    assert.equal(await findOnPath("tool", { os: "linux", env }), `${b}/tool`);
    assert.equal(await findOnPath("other", { os: "linux", env }), undefined);
    assert.equal(await findOnPath("tool", { os: "linux", env: () => undefined }), undefined);
  },
});
