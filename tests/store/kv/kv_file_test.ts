import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import type { OpenStore } from "../../../src/store/open_store.ts";
import { storeFiles } from "../../../src/store/files/store_files.ts";
import { RecordingLog } from "../../support/recording_log.ts";
import { TempFolder } from "../../support/temp_folder.ts";
import { locksOn } from "./locks_on.ts";
import { type OpenedStore, openedStore } from "../opened_store.ts";
import { APP_NAME, appRecord, callerName, lease, status } from "../samples.ts";

const DEADLINE_MS = 3_000;
/** A file that cannot be used is tried again once a second. */
const TRY_AGAIN_MS = 1_000;

/** Nobody can delete an open file there. */
const ignore = Deno.build.os === "windows";

function fileTest(name: string, use: (path: string, log: RecordingLog) => Promise<void>): void {
  Deno.test({
    name,
    ignore,
    async fn(): Promise<void> {
      await using folder = await TempFolder.make();
      await use(`${folder.path}/tokens.kv`, new RecordingLog());
    },
  });
}

async function put(store: OpenStore, gen: number): Promise<string> {
  const set = { token: appRecord({ gen }) };
  return (await store.records.write(APP_NAME, { check: {}, set, deadlineMs: DEADLINE_MS })).kind;
}

async function genOf(store: OpenStore): Promise<number | undefined> {
  return (await store.records.read(APP_NAME)).token.value?.gen;
}

/** What a process that starts now finds. */
async function genOnDisk(path: string): Promise<number | undefined> {
  using store = await openedStore({ path });
  return await genOf(store);
}

async function modeOf(path: string): Promise<number> {
  return ((await Deno.stat(path)).mode ?? 0) & 0o777;
}

/** A store at `path` that holds generation `gen`, closed. */
async function madeStore(path: string, gen: number): Promise<void> {
  using store = await openedStore({ path });
  await put(store, gen);
}

Deno.test.each<[string, (path: string) => Promise<void>]>([
  ["its file", (path) => Deno.remove(path)],
  ["its file and SQLite's", async (path) => {
    const { database, wal, shm } = storeFiles(path);
    for (const file of [database, wal, shm]) await Deno.remove(file);
  }],
  ["its file and the key", async (path) => {
    const { database, key } = storeFiles(path);
    for (const file of [database, key]) await Deno.remove(file);
  }],
  [
    "its folder with everything",
    (path) => Deno.remove(path.replace(/\/tokens\.kv$/, ""), { recursive: true }),
  ],
])("a store that lost %s while it was open is made anew as the same store", async (_what, remove) => {
  if (ignore) return;
  await using folder = await TempFolder.make();
  const path = `${folder.path}/data/tokens.kv`;
  const log = new RecordingLog();
  {
    using store = await openedStore({ path, log });
    await put(store, 1);
    const fingerprint = await store.fingerprints.ofAppSecret(APP_NAME.credentials);
    await remove(path);
    assert.equal(store.records.replacedAtMs, -Infinity);
    assert.equal(await genOf(store), undefined);
    assert.notEqual(store.records.replacedAtMs, -Infinity);
    assert.equal(await put(store, 2), "ok");
    assert.equal(await store.fingerprints.ofAppSecret(APP_NAME.credentials), fingerprint);
    assert.equal(await modeOf(path), 0o600);
    assert.equal(log.only("store file deleted, making it anew").fields.path, path);
  }
  using restarted = await openedStore({ path });
  // Under the same names, sealed with the key that the new start has found.
  assert.equal(await genOf(restarted), 2);
});

Deno.test.each([false, true])(
  "a commit into a file that was deleted meanwhile is not taken for done, others having noticed: %s",
  async (noticed) => {
    if (ignore) return;
    await using folder = await TempFolder.make();
    const path = `${folder.path}/tokens.kv`;
    let isDeleted = false;
    const deleteOnce = async (): Promise<void> => {
      if (isDeleted) return;
      isDeleted = true;
      await Deno.remove(path);
      if (noticed) await genOf(store);
    };
    using store = await openedStore({
      path,
      async openKv(place): Promise<Deno.Kv> {
        const kv = await Deno.openKv(place);
        return new Proxy(kv, {
          get(target, property): unknown {
            if (property === "atomic") return () => deletingFirst(target.atomic(), deleteOnce);
            const value = Reflect.get(target, property, target);
            return typeof value === "function" ? value.bind(target) : value;
          },
        });
      },
    });
    assert.equal(await put(store, 1), "unknown");
    assert.equal(await put(store, 2), "ok");
    assert.equal(await genOnDisk(path), 2);
  },
);

/** `operation` with `first` done just before it is committed, if it writes a token. */
function deletingFirst(operation: Deno.AtomicOperation, first: () => Promise<void>): Deno.AtomicOperation {
  let isToken = false;
  return new Proxy(operation, {
    get(target, property, receiver): unknown {
      if (property === "commit") {
        return async () => {
          if (isToken) await first();
          return await target.commit();
        };
      }
      const value = Reflect.get(target, property, target);
      return (...args: unknown[]) => {
        if (property === "set" && Array.isArray(args[0]) && args[0].includes("token")) isToken = true;
        value.apply(target, args);
        return receiver;
      };
    },
  });
}

fileTest(
  "a store replaced by an older copy of itself is read anew, and nothing of the log is mixed in",
  async (path) => {
    await madeStore(path, 1);
    const backup = `${path}.backup`;
    await Deno.copyFile(path, backup);
    {
      using store = await openedStore({ path });
      await put(store, 2);
      // The log of the file that is replaced stays behind.
      await Deno.rename(backup, path);
      assert.equal(await genOf(store), 1);
      assert.equal(await put(store, 3), "ok");
    }
    assert.equal(await genOnDisk(path), 3);
  },
);

fileTest(
  "a store replaced by another one is not used, and used again when it is put back",
  async (path, log) => {
    const other = `${path}.other`;
    await madeStore(other, 7);
    using store = await openedStore({ path, log });
    await put(store, 2);
    const aside = `${path}.aside`;
    await Deno.rename(path, aside);
    await Deno.rename(other, path);
    const foreign = await Deno.readFile(path);
    for (const _again of ["first", "second"]) {
      await assert.rejects(genOf(store), { code: "store_unavailable", message: /made with the key/ });
      assert.equal(await put(store, 3), "unknown");
    }
    assert.deepEqual(await Deno.readFile(path), foreign);
    assert.match(String(log.only("store file cannot be used").fields.error), /made with the key/);

    await Deno.rename(path, other);
    await Deno.rename(aside, path);
    store.pass(TRY_AGAIN_MS);
    // Also what only SQLite's log had held, which was taken away from the other store.
    assert.equal(await genOf(store), 2);
    assert.equal(await put(store, 3), "ok");
    // Under its old name, with the key that was left there.
    assert.equal(await genOnDisk(other), 7);
  },
);

/** What happens to the file of an open store. */
const MEDDLING: readonly (readonly [string, (path: string, store: OpenedStore) => Promise<void>])[] = [
  ["nothing", async () => {}],
  ["its log is deleted", (path) => Deno.remove(storeFiles(path).wal)],
  ["it is replaced by a copy", async (path) => {
    await Deno.copyFile(path, `${path}.copy`);
    await Deno.rename(`${path}.copy`, path);
  }],
  ["it is deleted", (path) => Deno.remove(path)],
  ["another program's is there for a while", async (path, store) => {
    await Deno.rename(path, `${path}.aside`);
    {
      using other = new DatabaseSync(path);
      other.exec("create table users (name)");
    }
    await assert.rejects(genOf(store), {
      code: "store_unavailable",
      message: /is the database of another program/,
    });
    await Deno.rename(`${path}.aside`, path);
    store.pass(TRY_AGAIN_MS);
  }],
  ["a pipe is there for a while", async (path, store) => {
    await Deno.rename(path, `${path}.aside`);
    await new Deno.Command("mkfifo", { args: [path] }).output();
    await assert.rejects(genOf(store), { code: "store_unavailable", message: /named pipe/ });
    await Deno.rename(`${path}.aside`, path);
    store.pass(TRY_AGAIN_MS);
  }],
];

Deno.test.each(MEDDLING.map((each) => [...each] as const))(
  "SQLite keeps its locks on the file of an open store when %s",
  async (_what, meddle) => {
    if (Deno.build.os !== "linux") return;
    await using folder = await TempFolder.make();
    const path = `${folder.path}/tokens.kv`;
    using store = await openedStore({ path });
    await put(store, 1);
    await meddle(path, store);
    assert.equal(await put(store, 2), "ok");
    assert.equal(await genOf(store), 2);
    // Without one the next process that closes the store would take itself for the last, and remove the log.
    assert(await locksOn(path) > 0);
  },
);

fileTest("a store replaced by another one of the same key is not taken for the same store", async (path) => {
  const other = `${path}.other`;
  using store = await openedStore({ path });
  await put(store, 2);
  await Deno.copyFile(storeFiles(path).key, storeFiles(other).key);
  await madeStore(other, 7);
  await Deno.rename(other, path);
  await assert.rejects(genOf(store), {
    code: "store_unavailable",
    message:
      /is not the store that was open any more: it is another store with the same key; put that back, or restart/,
  });
});

Deno.test.each<[string, (path: string) => Promise<void>]>([
  ["a folder", (path) => Deno.mkdir(path)],
  [
    "a file that is no database",
    (path) => Deno.writeTextFile(path, "no database, however long\n".repeat(400)),
  ],
])("a store replaced by %s is not used, and the folder is left as it is", async (_what, replace) => {
  if (ignore) return;
  await using folder = await TempFolder.make();
  const path = `${folder.path}/tokens.kv`;
  using store = await openedStore({ path });
  await put(store, 1);
  await Deno.rename(path, `${path}.aside`);
  await replace(path);
  await assert.rejects(genOf(store), {
    code: "store_unavailable",
    message: /folder|not a Deno KV file: put the right file back/,
  });
  await Deno.rename(path, `${path}.wrong`);
  await Deno.rename(`${path}.aside`, path);
  store.pass(TRY_AGAIN_MS);
  assert.equal(await genOf(store), 1);
});

fileTest("a store whose log was deleted while it was open keeps what was in it", async (path) => {
  {
    using store = await openedStore({ path });
    await put(store, 1);
    await Deno.remove(storeFiles(path).wal);
    assert.equal(await genOf(store), 1);
    assert.equal(await put(store, 2), "ok");
  }
  assert.equal(await genOnDisk(path), 2);
});

fileTest(
  "openStore() on a deleted file makes a new one, whatever a running process left beside it",
  async (path) => {
    using running = await openedStore({ path });
    await put(running, 1);
    const { database, key } = storeFiles(path);
    await Deno.remove(database);
    // The key is kept: what the new start makes is a store with another name key.
    using started = await openedStore({ path });
    assert.equal(await genOf(started), undefined);
    assert.equal(await put(started, 5), "ok");
    assert.equal((await Deno.stat(key)).isFile, true);
    await assert.rejects(genOf(running), {
      code: "store_unavailable",
      message: /is not the store that was open/,
    });
    assert.equal(await genOf(started), 5);
  },
);

fileTest("calls that meet at a replaced file open it once", async (path, log) => {
  let opened = 0;
  using store = await openedStore({
    path,
    log,
    openKv(place): Promise<Deno.Kv> {
      opened++;
      return Deno.openKv(place);
    },
  });
  await put(store, 1);
  await Deno.remove(path);
  await Promise.all(Array.from({ length: 20 }, () => genOf(store)));
  assert.equal(opened, 2);
  log.only("store file open again");
});

fileTest("close() opens nothing more, though SQLite's log goes with it", async (path) => {
  const store = await openedStore({ path });
  await put(store, 1);
  const reading = store.records.read(callerName()).catch(() => null);
  store.close();
  await reading;
  await assert.rejects(genOf(store), { code: "store_unavailable" });
  await assert.rejects(Deno.stat(storeFiles(path).wal), Deno.errors.NotFound);
});

fileTest("no key of a KV file has an end that Deno would act on", async (path) => {
  {
    using store = await openedStore({ path });
    await store.records.probe();
    const set = { token: appRecord(), lease: lease(), status: status() };
    await store.records.write(callerName(), { check: {}, set, deadlineMs: DEADLINE_MS });
  }
  // Where it cannot delete one, on a disk that is full, the whole process ends: "KV collect expired failed".
  using database = new DatabaseSync(path, { readOnly: true });
  const rows = database.prepare("select count(*) as keys, max(expiration_ms) as latest from kv").get();
  assert.ok(Number(rows?.keys) > 6);
  assert.equal(rows?.latest, -1);
});
