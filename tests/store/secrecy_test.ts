import assert from "node:assert/strict";
import { RecordingLog } from "../support/recording_log.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { openedStore } from "./opened_store.ts";
import { APP_NAME, appRecord, callerName, lease, PLANTED, status, userRecord } from "./samples.ts";

/** The text as it is, and as it would stand in a file in base64, in hexadecimal, or in UTF-16. */
function formsOf(text: string): string[] {
  const bytes = new TextEncoder().encode(text);
  const utf16 = [...text].join("\0");
  // Without the last characters, which depend on what follows in the encoded text.
  return [text, utf16, bytes.toBase64().slice(0, -4), bytes.toHex(), bytes.toHex().toUpperCase()];
}

async function filesBelow(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) files.push(...await filesBelow(`${folder}/${name}`));
    else files.push(`${folder}/${name}`);
  }
  return files;
}

Deno.test("nothing that a store writes shows an app id, a secret or a token, open or closed", async () => {
  await using folder = await TempFolder.make();
  const path = `${folder.path}/tokens.kv`;
  const log = new RecordingLog();
  const check = async (expectedFiles: number): Promise<void> => {
    const files = await filesBelow(folder.path);
    assert.equal(files.length, expectedFiles, files.join());
    for (const file of files) {
      const content = new TextDecoder("latin1").decode(await Deno.readFile(file));
      for (const planted of [...Object.values(PLANTED), "t-planted-app-token-19e0"]) {
        for (const form of formsOf(planted)) {
          assert(!content.includes(form) && !file.includes(form), `${planted} can be read in ${file}`);
        }
      }
    }
  };
  {
    using store = await openedStore({ path, log });
    for (const [name, token] of [[APP_NAME, appRecord()], [callerName(), userRecord()]] as const) {
      const set = { token, lease: lease(), status: status() };
      await store.records.write(name, { check: {}, set, deadlineMs: 3_000 });
      await store.journal?.put(name, token);
    }
    await store.records.probe();
    // The database, its two side files, the key, the machine's id, the process's lock, two pairs.
    await check(8);
  }
  await check(5);
  assert.doesNotMatch(JSON.stringify(log.lines), /planted/);
});

Deno.test("nothing but tokens is worth finding in a store's keys: they are hashes", async () => {
  await using folder = await TempFolder.make();
  const path = `${folder.path}/tokens.kv`;
  {
    using store = await openedStore({ path });
    const set = { token: userRecord(), lease: lease(), status: status() };
    await store.records.write(callerName(), { check: {}, set, deadlineMs: 3_000 });
  }
  using kv = await Deno.openKv(path);
  const keys = await Array.fromAsync(kv.list({ prefix: [] }), ({ key }) => key.join("/"));
  assert.deepEqual(keys.map((key) => key.replace(/[A-Za-z0-9_-]{22}$/, "HASH")).sort(), [
    "feishu-token/end/lease/caller/HASH",
    "feishu-token/end/status/caller/HASH",
    "feishu-token/end/token/caller/HASH",
    "feishu-token/lease/caller/HASH",
    "feishu-token/schema",
    "feishu-token/status/caller/HASH",
    "feishu-token/token/caller/HASH",
  ]);
});
