import assert from "node:assert/strict";
import { storeFiles } from "../../../src/store/files/store_files.ts";
import { TempFolder } from "../../support/temp_folder.ts";
import { APP_NAME, callerName, userRecord } from "../samples.ts";
import { openedStore } from "../opened_store.ts";

Deno.test("storeFiles() names every file that a store makes, and nothing else is made", async () => {
  await using folder = await TempFolder.make();
  const path = `${folder.path}/tokens.kv`;
  using store = await openedStore({ path });
  await store.records.read(APP_NAME);
  await store.journal?.put(callerName(), userRecord());
  const found = await Array.fromAsync(Deno.readDir(folder.path), ({ name }) => `${folder.path}/${name}`);
  assert.deepEqual(found.sort(), Object.values(storeFiles(path)).sort());
});
