import assert from "node:assert/strict";
import { makeJournalFolder } from "../../../src/store/journal/make_journal_folder.ts";
import { openStore } from "../../../src/store/open_store.ts";
import type { StorePlace } from "../../../src/store/files/store_place.ts";
import { RecordingLog } from "../../support/recording_log.ts";
import { TempFolder } from "../../support/temp_folder.ts";
import { TEST_RANDOM } from "../../support/test_random.ts";
import { REAL_CLOCK } from "../../support/token_world.ts";

const OS = Deno.build.os;
const REMOTE: StorePlace = { kind: "remote", url: "https://kv.example" };

function home(path: string | undefined): (name: string) => string | undefined {
  return (name) => name === "HOME" ? path : undefined;
}

Deno.test("makeJournalFolder() makes one in the data directory for a database on the network", async () => {
  await using folder = await TempFolder.make();
  const made = await makeJournalFolder({ place: REMOTE, os: OS, env: home(folder.path) });
  const path = made.folder ?? "";
  assert.ok(path.startsWith(folder.path));
  assert.equal((await Deno.stat(path)).isDirectory, true);
  assert.equal(made.problem, undefined);
});

Deno.test.each<[string, string | undefined, RegExp]>([
  ["there is no home", undefined, /^HOME is not set$/],
  ["the home cannot be written", "/dev/null/home", /^Cannot make the folder \/dev\/null\/home\/.*/],
])("makeJournalFolder() does without for a database on the network when %s", async (_case, path, why) => {
  const { folder, problem } = await makeJournalFolder({ place: REMOTE, os: OS, env: home(path) });
  assert.equal(folder, null);
  assert.match(problem?.en ?? "", why);
});

Deno.test("makeJournalFolder() throws when there is no room beside a KV file", async () => {
  const place: StorePlace = { kind: "file", path: "/dev/null/tokens.kv" };
  await assert.rejects(makeJournalFolder({ place, os: OS, env: home(undefined) }), { name: "StartError" });
});

Deno.test("openStore() keeps records in a database on the network without any home, and says what is missing", async () => {
  const store = await openStore({
    place: REMOTE,
    openKv: () => Deno.openKv(":memory:"),
    os: OS,
    env: home(undefined),
    clock: REAL_CLOCK,
    random: TEST_RANDOM,
    log: new RecordingLog(),
  });
  try {
    assert.equal(store.journal, null);
    assert.equal(store.journalProblem?.en, "HOME is not set");
    await store.records.probe();
  } finally {
    store.close();
  }
});
