import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { childCommand } from "../../../harness/child_command.ts";
import { inspectKvFile } from "../../../src/store/kv/inspect_kv_file.ts";
import { storeFiles } from "../../../src/store/files/store_files.ts";
import { TempFolder } from "../../support/temp_folder.ts";
import { DAMAGES, PAGE_BYTES, SeededChoices } from "./damaged_file.ts";
import { openedStore } from "../opened_store.ts";
import { APP_NAME, appRecord, callerName, lease, userRecord } from "../samples.ts";

const SEEDS = [1, 2, 3];
const DAMAGED_EACH = 60;
/** A process of its own, as `main.ts` is run. */
const CHILD = ["run", "--quiet", "--no-prompt", "--unstable-kv", "--allow-read", "--allow-write"];

function fileTest(name: string, use: (path: string) => Promise<void>): void {
  Deno.test(name, async () => {
    await using folder = await TempFolder.make();
    await use(`${folder.path}/tokens.kv`);
  });
}

/** A store of some pages at `path`, closed. */
async function madeStore(path: string): Promise<void> {
  using store = await openedStore({ path });
  for (let app = 0; app < 40; app++) {
    const name = callerName(`refresh-token-${app}`);
    const set = {
      token: userRecord({ earlier: Array.from({ length: app }, () => "x".repeat(40)) }),
      lease: lease(),
    };
    await store.records.write(name, { check: {}, set, deadlineMs: 3_000 });
  }
  await store.records.write(APP_NAME, { check: {}, set: { token: appRecord() }, deadlineMs: 3_000 });
}

/** Each file in the folder of `path` with a hash of its content; not SQLite's shared memory, in which readers sign in. */
async function contents(path: string): Promise<Map<string, string>> {
  const folder = path.slice(0, path.lastIndexOf("/"));
  const files = new Map<string, string>();
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (!isFile || name.endsWith("-shm")) continue;
    const hash = await crypto.subtle.digest("SHA-256", await Deno.readFile(`${folder}/${name}`));
    files.set(name, new Uint8Array(hash).toHex());
  }
  return files;
}

fileTest("inspectKvFile() finds nothing wrong where no file is, and makes none", async (path) => {
  await inspectKvFile(path);
  assert.equal((await contents(path)).size, 0);
});

fileTest("inspectKvFile() finds nothing wrong with an empty file, and leaves it empty", async (path) => {
  await Deno.writeTextFile(path, "");
  await inspectKvFile(path);
  assert.equal((await Deno.stat(path)).size, 0);
  assert.equal((await contents(path)).size, 1);
});

fileTest("inspectKvFile() finds nothing wrong with a store, and changes nothing", async (path) => {
  await madeStore(path);
  const before = await contents(path);
  await inspectKvFile(path);
  assert.deepEqual(await contents(path), before);
});

fileTest("inspectKvFile() finds nothing wrong with a store that another process has open", async (path) => {
  using store = await openedStore({ path });
  const reading = childCommand(Deno.execPath(), {
    args: [...CHILD, new URL("inspecting_program.ts", import.meta.url).href, path],
  });
  for (let gen = 1; gen < 4; gen++) {
    const set = { token: appRecord({ gen }) };
    await store.records.write(APP_NAME, { check: {}, set, deadlineMs: 3_000 });
    const { stdout } = await reading.output();
    assert.equal(new TextDecoder().decode(stdout), `${JSON.stringify([null])}\n`);
  }
  assert.equal((await store.records.read(APP_NAME)).token.value?.gen, 3);
});

Deno.test.each<[string, string, (database: DatabaseSync) => void]>([
  ["a write in progress", "wal", (database) => database.exec("begin immediate")],
  ["an exclusive transaction", "wal", (database) => database.exec("begin exclusive")],
  ["its exclusive mode", "wal", (database) => {
    database.exec(
      "pragma locking_mode = exclusive; begin immediate; update data_version set seq = seq; commit",
    );
  }],
  ["an exclusive transaction without a log", "delete", (database) => database.exec("begin exclusive")],
  ["a reading that keeps Deno from making its log", "delete", (database) => {
    database.exec("begin");
    database.prepare("select count(*) from kv").get();
  }],
])("inspectKvFile() says at once that another program locks the file by %s", async (_how, mode, lock) => {
  await using folder = await TempFolder.make();
  const path = `${folder.path}/tokens.kv`;
  await madeStore(path);
  {
    using other = new DatabaseSync(path);
    other.exec(`pragma journal_mode = ${mode}`);
    lock(other);
    await assert.rejects(inspectKvFile(path), { message: /database is locked/ });
  }
  await inspectKvFile(path);
});

Deno.test.each<[string, string, "open" | "closed", string]>([
  ["closed", "delete", "closed", "create table users (name)"],
  ["open in it", "delete", "open", "create table users (name)"],
  ["with a log, closed", "wal", "closed", "create table users (name)"],
  ["with a log, open in it", "wal", "open", "create table users (name)"],
  [
    "whose tables are named as some of Deno's",
    "delete",
    "closed",
    "create table kv (k, v); create table queue (id)",
  ],
])(
  "inspectKvFile() refuses another program's database %s and writes nothing",
  async (_how, mode, state, make) => {
    await using folder = await TempFolder.make();
    const path = `${folder.path}/tokens.kv`;
    using other = new DatabaseSync(path);
    other.exec(`pragma journal_mode = ${mode}; ${make}`);
    if (state === "closed") other.close();
    else other.exec("insert into users values ('someone')");
    const before = await contents(path);
    await assert.rejects(inspectKvFile(path), { name: "ForeignDatabase", table: /^(?:users|kv)$/ });
    assert.deepEqual(await contents(path), before);
    if (state === "closed") new DatabaseSync(path).close();
  },
);

fileTest("inspectKvFile() leaves everything to Deno where that has no SQLite for programs", async (path) => {
  {
    using other = new DatabaseSync(path);
    other.exec("create table users (name)");
  }
  await inspectKvFile(path, () => Promise.resolve(null));
});

fileTest("inspectKvFile() leaves the log of another program's database that has crashed", async (path) => {
  const crashed = `${path}.crashed`;
  {
    using other = new DatabaseSync(path);
    other.exec("pragma journal_mode = wal; create table users (name); insert into users values ('someone')");
    // As a crash leaves them: the log holds what the database does not.
    await Deno.copyFile(path, crashed);
    await Deno.copyFile(storeFiles(path).wal, storeFiles(crashed).wal);
  }
  const [database, log] = [await Deno.readFile(crashed), await Deno.readFile(storeFiles(crashed).wal)];
  await assert.rejects(inspectKvFile(crashed), { name: "ForeignDatabase" });
  assert.deepEqual(await Deno.readFile(crashed), database);
  assert.deepEqual(await Deno.readFile(storeFiles(crashed).wal), log);
});

fileTest("inspectKvFile() finds nothing wrong with a store whose process was killed", async (path) => {
  const killed = `${path}.killed`;
  {
    using store = await openedStore({ path });
    await store.records.write(APP_NAME, { check: {}, set: { token: appRecord() }, deadlineMs: 3_000 });
    await Deno.copyFile(path, killed);
    await Deno.copyFile(storeFiles(path).wal, storeFiles(killed).wal);
    await Deno.copyFile(storeFiles(path).key, storeFiles(killed).key);
  }
  await inspectKvFile(killed);
  using store = await openedStore({ path: killed });
  assert.equal((await store.records.read(APP_NAME)).token.value?.gen, appRecord().gen);
});

Deno.test.each<[string, (database: DatabaseSync) => void]>([
  ["a table is missing", (database) => database.exec("drop table queue_running")],
  ["a column is missing", (database) => database.exec("alter table queue drop column data")],
  ["the newest version is missing", (database) => database.exec("delete from data_version")],
  ["a queued message has no readable name", (database) => {
    database.exec("insert into queue_running values (1, x'00', x'00', '[]', x'00')");
  }],
  ["a key that ends is no key", (database) => {
    database.exec("insert into kv values ('text', x'00', 1, 1, 0, 1)");
  }],
  ["an end is no time", (database) => {
    database.exec("insert into kv values (x'0102', x'00', 1, 1, 0, 'text')");
  }],
])(
  "inspectKvFile() refuses a database on which Deno would end the process, where %s",
  async (_what, damage) => {
    await using folder = await TempFolder.make();
    const path = `${folder.path}/tokens.kv`;
    await madeStore(path);
    {
      using database = new DatabaseSync(path);
      damage(database);
    }
    await assert.rejects(inspectKvFile(path), { message: /database disk image is malformed/ });
  },
);

Deno.test("a damaged database is refused, or does not end the process that opens it", async () => {
  await using folder = await TempFolder.make();
  const path = `${folder.path}/tokens.kv`;
  await madeStore(path);
  const good = await Deno.readFile(path);
  assert(good.length > 10 * PAGE_BYTES);
  const accepted: string[] = [];
  let refused = 0;
  for (const seed of SEEDS) {
    const choices = new SeededChoices(seed);
    for (let number = 0; number < DAMAGED_EACH; number++) {
      const [name, damage] = choices.of(DAMAGES);
      const damaged = `${folder.path}/${seed}-${number}-${name.replaceAll(" ", "-")}.kv`;
      await Deno.writeFile(damaged, damage(good.slice(), choices));
      await inspectKvFile(damaged).then(() => accepted.push(damaged), (error: Error) => {
        assert.match(error.message, /malformed|not a database/);
        refused++;
      });
    }
  }
  assert(refused > 30 && accepted.length > 30, `${refused} refused, ${accepted.length} accepted`);
  const { success, stderr } = await childCommand(Deno.execPath(), {
    args: [...CHILD, new URL("reading_program.ts", import.meta.url).href, ...accepted],
  }).output();
  assert(success, new TextDecoder().decode(stderr));
});

Deno.test({
  name: "inspectKvFile() never opens a pipe in the place of SQLite's log",
  ignore: Deno.build.os === "windows",
  async fn(): Promise<void> {
    await using folder = await TempFolder.make();
    const path = `${folder.path}/tokens.kv`;
    await madeStore(path);
    const { wal } = storeFiles(path);
    await new Deno.Command("mkfifo", { args: [wal] }).output();
    await assert.rejects(inspectKvFile(path), {
      name: "UnfitFile",
      message: `${wal}: it is a named pipe (FIFO), not a file`,
    });
  },
});
