import assert from "node:assert/strict";
import { childCommand } from "../../harness/child_command.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { openedStore } from "./opened_store.ts";
import { APP_NAME } from "./samples.ts";

const PROCESSES = 3;
const WRITES = 40;

Deno.test("openStore() lets several processes start on one new file at once, and loses none of their writes", async () => {
  await using folder = await TempFolder.make();
  const path = `${folder.path}/tokens.kv`;
  const program = new URL("writing_program.ts", import.meta.url);
  const outputs = await Promise.all(
    Array.from({ length: PROCESSES }, () =>
      childCommand(Deno.execPath(), {
        args: [
          "run",
          "--quiet",
          "--no-prompt",
          "--allow-read",
          "--allow-write",
          program.href,
          path,
          String(WRITES),
        ],
        stdout: "piped",
        stderr: "piped",
      }).output()),
  );
  for (const { success, stdout, stderr } of outputs) {
    assert(success, new TextDecoder().decode(stderr));
    const seen = JSON.parse(new TextDecoder().decode(stdout));
    assert.deepEqual([seen.ok, seen.unknown], [WRITES, 0]);
  }
  using store = await openedStore({ path });
  const { lease } = await store.records.read(APP_NAME);
  // Each write counts one further than the one it had seen: a lost one would be missing here.
  assert.equal(lease.value?.lifeMs, PROCESSES * WRITES);
});
