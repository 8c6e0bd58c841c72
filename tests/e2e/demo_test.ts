import assert from "node:assert/strict";
import { PROGRAM_FOLDER } from "../clients/running_server.ts";
import { eventually } from "../support/eventually.ts";
import { World } from "./world.ts";

Deno.test("demo leaves no program and no folder behind when a signal ends it", async () => {
  await using world = await World.create();
  const demo = await world.run([], {
    denoArgs: ["run", "--quiet", "--no-prompt", "-P=demo", `${PROGRAM_FOLDER}/main.ts`, "demo"],
    env: { ...await world.bareEnv(), TMPDIR: world.home },
  });
  const sandboxUrl = await demo.answers(/A simulated Feishu runs at (\S+);/);
  demo.kill("SIGTERM");
  assert.equal((await demo.end()).code, 130);
  await assert.rejects(fetch(`${sandboxUrl}/_sandbox/calls`));
  const left = (): string[] =>
    [...Deno.readDirSync(world.home)].map(({ name }) => name).filter((name) =>
      name.startsWith("feishu-token-demo")
    );
  await eventually(() => `${left().join()} removed`, () => left().length === 0);
});
