import assert from "node:assert/strict";
import { TEST_RANDOM } from "../support/test_random.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { openStore } from "../../src/store/open_store.ts";
import { storeFiles } from "../../src/store/files/store_files.ts";
import { FaultyKv } from "./kv/faulty_kv.ts";
import { openedStore } from "./opened_store.ts";
import { APP, APP_NAME, appRecord, callerName, lease, revealed, userRecord } from "./samples.ts";

const KEY_1 = `k1:${new Uint8Array(32).fill(1).toBase64()}`;
const KEY_2 = `k2:${new Uint8Array(32).fill(2).toBase64()}`;
const DEADLINE_MS = 3_000;

async function modeOf(path: string): Promise<number> {
  return ((await Deno.stat(path)).mode ?? 0) & 0o777;
}

async function namesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
}

/** A test about file modes, which mean nothing on Windows. */
function modeTest(name: string, fn: (folder: string) => Promise<void>): void {
  Deno.test({
    name,
    ignore: Deno.build.os === "windows",
    async fn(): Promise<void> {
      await using folder = await TempFolder.make();
      await fn(folder.path);
    },
  });
}

Deno.test("openStore() in memory has no journal, and forgets everything with the process", async () => {
  {
    using store = await openedStore();
    assert.equal(store.journal, null);
    assert.equal(store.keySource, "memory");
    assert.equal(store.machine, store.process);
    await store.records.write(APP_NAME, { check: {}, set: { token: appRecord() }, deadlineMs: DEADLINE_MS });
  }
  using store = await openedStore();
  assert.equal((await store.records.read(APP_NAME)).token.value, null);
});

Deno.test("openStore() finds in a file what an earlier process wrote", async () => {
  await using folder = await TempFolder.make();
  const path = `${folder.path}/a/b/tokens.kv`;
  const set = { token: userRecord(), lease: lease() };
  let fingerprint: string;
  {
    using store = await openedStore({ path });
    await store.records.write(callerName(), { check: {}, set, deadlineMs: DEADLINE_MS });
    fingerprint = await store.fingerprints.ofAppSecret(APP);
  }
  using store = await openedStore({ path });
  const { token, lease: kept } = await store.records.read(callerName());
  assert.deepEqual(revealed(token.value), revealed(set.token));
  assert.deepEqual(kept.value, set.lease);
  assert.equal(await store.fingerprints.ofAppSecret(APP), fingerprint);
  assert.equal(store.keySource, "file");
});

Deno.test.each<[string, (path: string) => Promise<void>]>([
  ["emptied", (path) => Deno.truncate(path)],
  ["removed", (path) => Deno.remove(path)],
])("openStore() says of a store that was %s that it is empty though it was in use", async (_how, lose) => {
  await using folder = await TempFolder.make();
  const path = `${folder.path}/tokens.kv`;
  const log = new RecordingLog();
  (await openedStore({ path, log })).close();
  (await openedStore({ path, log })).close();
  assert.deepEqual(log.lines.filter(({ level }) => level === "warn"), []);
  await lose(path);
  (await openedStore({ path, log })).close();
  const { fields } = log.only("store empty, though it was in use: restore it, or let the users log in again");
  assert.deepEqual(fields, { place: path });
});

Deno.test("openStore() gives processes of one machine one machine id, and each a process id of its own", async () => {
  await using folder = await TempFolder.make();
  const path = `${folder.path}/tokens.kv`;
  using one = await openedStore({ path });
  using other = await openedStore({ path });
  assert.equal(one.machine, other.machine);
  assert.equal(new Set([one.process, other.process, one.machine]).size, 3);
});

Deno.test("openStore() takes a path without a folder as one in the current folder", async () => {
  const path = `open-store-test-${crypto.randomUUID()}.kv`;
  const opened: (string | undefined)[] = [];
  try {
    using _store = await openedStore({
      path,
      openKv: (given) => {
        opened.push(given);
        return Deno.openKv(":memory:");
      },
    });
    assert.deepEqual(opened, [path]);
  } finally {
    for (const file of Object.values(storeFiles(path))) {
      await Deno.remove(file, { recursive: true }).catch(() => {});
    }
  }
});

modeTest("openStore() makes folders 0700 and files 0600", async (folder) => {
  const path = `${folder}/made/tokens.kv`;
  using store = await openedStore({ path });
  await store.journal?.put(callerName(), userRecord());
  const { database, wal, shm, key, journal } = storeFiles(path);
  for (const file of [database, wal, shm, key]) assert.equal(await modeOf(file), 0o600, file);
  for (const made of [`${folder}/made`, journal]) assert.equal(await modeOf(made), 0o700, made);
  for (const name of await namesIn(journal)) assert.equal(await modeOf(`${journal}/${name}`), 0o600, name);
});

modeTest("openStore() narrows files and the journal's folder that were left wider", async (folder) => {
  const path = `${folder}/tokens.kv`;
  const { database, wal, shm, key, journal } = storeFiles(path);
  using _first = await openedStore({ path });
  for (const file of [database, wal, shm, key]) await Deno.chmod(file, 0o644);
  await Deno.chmod(journal, 0o755);
  using _second = await openedStore({ path });
  for (const file of [database, wal, shm, key]) assert.equal(await modeOf(file), 0o600, file);
  assert.equal(await modeOf(journal), 0o700);
});

modeTest(
  "openStore() narrows a data directory of its own, and never a folder that the user named",
  async (folder) => {
    for (const [name, ownFolder, mode] of [["ours", true, 0o700], ["theirs", false, 0o755]] as const) {
      await Deno.mkdir(`${folder}/${name}`);
      await Deno.chmod(`${folder}/${name}`, 0o755);
      using _store = await openedStore({ path: `${folder}/${name}/tokens.kv`, ownFolder });
      assert.equal(await modeOf(`${folder}/${name}`), mode, name);
    }
  },
);

Deno.test("openStore() with a new key in front opens old values, and after that without the old key none of them", async () => {
  await using folder = await TempFolder.make();
  const path = `${folder.path}/tokens.kv`;
  const write = { check: {}, deadlineMs: DEADLINE_MS };
  {
    using store = await openedStore({ path, key: KEY_1 });
    await store.records.write(callerName("ur-old"), { ...write, set: { token: userRecord() } });
  }
  {
    using store = await openedStore({ path, key: `${KEY_2},${KEY_1}` });
    assert.notEqual((await store.records.read(callerName("ur-old"))).token.value, null);
    await store.records.write(callerName("ur-new"), { ...write, set: { token: userRecord() } });
  }
  using store = await openedStore({ path, key: KEY_2 });
  assert.notEqual((await store.records.read(callerName("ur-new"))).token.value, null);
  await assert.rejects(store.records.read(callerName("ur-old")), {
    code: "store_unreadable",
    message: /"k1"$/,
  });
});

Deno.test("openStore() moves from the key file to FEISHU_TOKEN_KEY when the file's key is given too", async () => {
  await using folder = await TempFolder.make();
  const path = `${folder.path}/tokens.kv`;
  {
    using store = await openedStore({ path });
    await store.records.write(APP_NAME, { check: {}, set: { token: appRecord() }, deadlineMs: DEADLINE_MS });
  }
  const fileKey = (await Deno.readTextFile(storeFiles(path).key)).trim();
  using store = await openedStore({ path, key: `${KEY_2},${fileKey}` });
  assert.equal(store.keySource, "environment");
  assert.notEqual((await store.records.read(APP_NAME)).token.value, null);
});

Deno.test.each<[string, { readonly made?: string; readonly given?: string }, RegExp]>([
  [
    "another key",
    { made: KEY_1, given: KEY_2 },
    /made with the key "k1", and the key given is "k2": set FEISHU_TOKEN_KEY/,
  ],
  [
    "none of its keys",
    { made: KEY_1 },
    /made with the key "k1", and there is no key file .*set FEISHU_TOKEN_KEY/,
  ],
  [
    "FEISHU_TOKEN_KEY instead of its file",
    { given: KEY_2 },
    /and the key given is "k2".*restore the \.key file/,
  ],
])("openStore() with %s throws one line and changes no byte", async (_name, { made, given }, message) => {
  await using folder = await TempFolder.make();
  const path = `${folder.path}/tokens.kv`;
  {
    using store = await openedStore({ path, ...(made === undefined ? {} : { key: made }) });
    await store.records.write(APP_NAME, { check: {}, set: { token: appRecord() }, deadlineMs: DEADLINE_MS });
  }
  const before = await contentOf(folder.path);
  await assert.rejects(
    openedStore({ path, ...(given === undefined ? {} : { key: given }) }),
    (error: Error) => {
      assert.equal(error.name, "StartError");
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    },
  );
  assert.deepEqual(await contentOf(folder.path), before);
});

Deno.test("openStore() with a key file lost and the store kept makes no new key over it", async () => {
  await using folder = await TempFolder.make();
  const path = `${folder.path}/tokens.kv`;
  (await openedStore({ path })).close();
  const key = await Deno.readTextFile(storeFiles(path).key);
  await Deno.remove(storeFiles(path).key);
  await assert.rejects(openedStore({ path }), { name: "StartError", message: /there is no key file/ });
  await Deno.writeTextFile(storeFiles(path).key, key);
  (await openedStore({ path })).close();
});

Deno.test("openStore() of a file that is none of KV throws one line, leaves it and puts nothing beside it", async () => {
  await using folder = await TempFolder.make();
  const path = `${folder.path}/notes.txt`;
  const notes = "These are notes and not a database. ".repeat(100);
  await Deno.writeTextFile(path, notes);
  await assert.rejects(openedStore({ path }), {
    name: "StartError",
    message: `The token store ${path} is not a Deno KV file: name another with --kv PATH`,
  });
  assert.equal(await Deno.readTextFile(path), notes);
  assert.deepEqual(await namesIn(folder.path), ["notes.txt"]);
});

Deno.test("openStore() of a damaged file throws one line", async () => {
  await using folder = await TempFolder.make();
  const path = `${folder.path}/tokens.kv`;
  (await openedStore({ path })).close();
  const bytes = await Deno.readFile(path);
  await Deno.writeFile(path, bytes.fill(0x41, 4_096));
  await assert.rejects(openedStore({ path }), {
    name: "StartError",
    message: `The token store ${path} is damaged: restore it from a backup`,
  });
});

Deno.test("openStore() of a folder throws one line", async () => {
  await using folder = await TempFolder.make();
  await assert.rejects(openedStore({ path: folder.path }), {
    name: "StartError",
    message: `Cannot write the token store ${folder.path}: it is a folder; ` +
      "name another place with --kv PATH or FEISHU_TOKEN_KV",
  });
});

Deno.test({
  name: "openStore() where nothing may be written throws one line",
  permissions: { read: true, write: false },
  async fn(): Promise<void> {
    await assert.rejects(openedStore({ path: `${import.meta.dirname}/tokens.kv` }), {
      name: "StartError",
      message: /^Cannot (make the folder|write the token store) [^\n]*name another place with --kv PATH/,
    });
  },
});

Deno.test("openStore() with a file in the journal's place throws one line", async () => {
  await using folder = await TempFolder.make();
  const path = `${folder.path}/tokens.kv`;
  await Deno.writeTextFile(storeFiles(path).journal, "");
  await assert.rejects(openedStore({ path }), {
    name: "StartError",
    message: `Cannot make the folder ${path}.journal: a file of that name exists; ` +
      "name another place with --kv PATH or FEISHU_TOKEN_KV",
  });
});

Deno.test("openStore() closes the handle when the store turns out not to be ours", async () => {
  await using folder = await TempFolder.make();
  const path = `${folder.path}/tokens.kv`;
  (await openedStore({ path, key: KEY_1 })).close();
  let handle: Deno.Kv | undefined;
  const openKv = async (given?: string): Promise<Deno.Kv> => handle = await Deno.openKv(given);
  await assert.rejects(openedStore({ path, key: KEY_2, openKv }), { name: "StartError" });
  assert(handle !== undefined);
  await assert.rejects(handle.get(["key"]), Deno.errors.BadResource);
});

Deno.test("openStore() throws one line when the database fails after it was opened", async () => {
  await using folder = await TempFolder.make();
  const path = `${folder.path}/tokens.kv`;
  const openKv = async (given?: string): Promise<Deno.Kv> => {
    const faulty = new FaultyKv(await Deno.openKv(given));
    faulty.reads.push("broken");
    return faulty.kv;
  };
  await assert.rejects(openedStore({ path, openKv }), {
    name: "StartError",
    message:
      `The token store ${path} cannot be opened: disk I/O error; check its disk and the free space there`,
  });
});

Deno.test("openStore() writes back what a killed process left in the journal, and says so", async () => {
  await using folder = await TempFolder.make();
  const path = `${folder.path}/tokens.kv`;
  {
    using store = await openedStore({ path });
    await store.journal?.put(callerName("ur-one"), userRecord());
    await store.journal?.put(callerName("ur-two"), userRecord());
  }
  const log = new RecordingLog();
  using store = await openedStore({ path, log });
  assert.notEqual((await store.records.read(callerName("ur-one"))).token.value, null);
  assert.equal(await store.journal?.newest(callerName("ur-one")), null);
  const line = log.only("recovered token pairs that a stopped process had not stored");
  assert.deepEqual([line.level, line.fields.pairs], ["warn", 2]);
});

Deno.test("openStore() on a new file beside an old journal keeps the journal: its pairs are of the old store", async () => {
  await using folder = await TempFolder.make();
  const path = `${folder.path}/tokens.kv`;
  {
    using store = await openedStore({ path });
    await store.journal?.put(callerName(), userRecord());
  }
  const { database, journal } = storeFiles(path);
  await Deno.rename(database, `${database}.old`);
  const log = new RecordingLog();
  (await openedStore({ path, log })).close();
  assert.equal(log.only("journal file not replayed, left in place").level, "error");
  await Deno.rename(`${database}.old`, database);
  using store = await openedStore({ path });
  assert.deepEqual(revealed((await store.records.read(callerName())).token.value), revealed(userRecord()));
  assert.deepEqual((await namesIn(journal)).filter((name) => !name.endsWith(".lock")), ["machine"]);
});

modeTest(
  "openStore() of a database on the network journals in a data directory that only its owner can read",
  async (folder) => {
    await Deno.mkdir(`${folder}/feishu-token-mcp`);
    await Deno.chmod(`${folder}/feishu-token-mcp`, 0o755);
    const store = await openStore({
      place: { kind: "remote", url: "https://kv.example/db" },
      openKv: () => Deno.openKv(":memory:"),
      os: "linux",
      env: (name) => name === "XDG_DATA_HOME" ? folder : undefined,
      clock: new ManualClock(),
      random: TEST_RANDOM,
      log: new RecordingLog(),
    });
    try {
      assert.equal(store.keySource, "app_secret");
      await store.journal?.put(callerName(), userRecord());
      assert.deepEqual(revealed(await store.journal?.newest(callerName()) ?? null), revealed(userRecord()));
      const [journal] = await namesIn(`${folder}/feishu-token-mcp`);
      assert.match(journal ?? "", /^journal-/);
      assert.equal(await modeOf(`${folder}/feishu-token-mcp`), 0o700);
      assert.equal(await modeOf(`${folder}/feishu-token-mcp/${journal}`), 0o700);
    } finally {
      store.close();
    }
  },
);

/** Every file below `folder`, with its bytes. */
async function contentOf(folder: string): Promise<Record<string, string>> {
  const content: Record<string, string> = {};
  for (const name of await namesIn(folder)) {
    const path = `${folder}/${name}`;
    if ((await Deno.stat(path)).isDirectory) Object.assign(content, await contentOf(path));
    else content[path] = (await Deno.readFile(path)).toHex();
  }
  return content;
}
