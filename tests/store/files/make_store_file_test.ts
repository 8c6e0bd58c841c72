import assert from "node:assert/strict";
import { fileIdentity } from "../../../src/store/files/file_identity.ts";
import { makeStoreFile } from "../../../src/store/files/make_store_file.ts";
import { storeFiles } from "../../../src/store/files/store_files.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { TempFolder } from "../../support/temp_folder.ts";

const { os } = Deno.build;
const ignore = os === "windows";

function folderTest(name: string, use: (path: string) => Promise<void>): void {
  Deno.test({
    name,
    ignore,
    async fn(): Promise<void> {
      await using folder = await TempFolder.make();
      await use(`${folder.path}/tokens.kv`);
    },
  });
}

function make(path: string, clock = new ManualClock()): Promise<void> {
  return makeStoreFile({ kind: "file", path }, { os, clock });
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

folderTest("makeStoreFile() removes the side files of a database that is gone", async (path) => {
  const { database, wal, shm } = storeFiles(path);
  for (const file of [wal, shm]) await Deno.writeTextFile(file, "left");
  await make(path);
  assert.deepEqual(await Promise.all([database, wal, shm].map(exists)), [true, false, false]);
});

folderTest("makeStoreFile() leaves the side files of a database that is there", async (path) => {
  const { database, wal, shm } = storeFiles(path);
  for (const file of [database, wal, shm]) await Deno.writeTextFile(file, "in use");
  await make(path);
  for (const file of [database, wal, shm]) assert.equal(await Deno.readTextFile(file), "in use");
});

folderTest(
  "makeStoreFile() removes a log only where it is that of the database that is gone",
  async (path) => {
    const { database, wal } = storeFiles(path);
    for (const file of [database, wal]) await Deno.writeTextFile(file, "old");
    // As the process does that has it open: else its inode would be free for the next file.
    using _open = await Deno.open(wal, { read: true });
    const gone = await fileIdentity(path);
    await Deno.rename(database, `${path}.aside`);
    await Deno.writeTextFile(database, "new");
    const clock = new ManualClock();
    await makeStoreFile({ kind: "file", path }, { os, clock }, gone);
    assert.equal(await exists(wal), false);
    await Deno.writeTextFile(wal, "of the new one");
    await makeStoreFile({ kind: "file", path }, { os, clock }, gone);
    assert.equal(await exists(wal), true);
  },
);

folderTest(
  "makeStoreFile() takes nothing away that another process has made while it waited",
  async (path) => {
    const { database, wal } = storeFiles(path);
    const clock = new ManualClock();
    const other = await Deno.open(path.replace(/\/tokens\.kv$/, ""), { read: true });
    await other.lock(true);
    const making = make(path, clock);
    await clock.untilSleeping(1);
    for (const file of [database, wal]) await Deno.writeTextFile(file, "of the other");
    other.close();
    clock.pass(10);
    await making;
    for (const file of [database, wal]) assert.equal(await Deno.readTextFile(file), "of the other");
  },
);

folderTest(
  "makeStoreFile() gives up with one line when another program keeps the folder locked",
  async (path) => {
    const folder = path.replace(/\/tokens\.kv$/, "");
    const clock = new ManualClock();
    using other = await Deno.open(folder, { read: true });
    await other.lock(true);
    const making = assert.rejects(make(path, clock), {
      name: "StartError",
      message: `The folder ${folder} is locked by another program: end that, and start again`,
    });
    await clock.untilSleeping(1);
    clock.pass(3_000);
    await making;
  },
);
