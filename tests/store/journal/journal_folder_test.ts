import assert from "node:assert/strict";
import { JournalWorld } from "./journal_world.ts";
import { APP_NAME, appRecord, callerName, GRANT_NAME, PLANTED, revealed, userRecord } from "../samples.ts";
import { testKey, testKeyring } from "../test_keys.ts";

Deno.test("newest() is null for a record that was never noted", async () => {
  await using world = await JournalWorld.make();
  const journal = await world.journal();
  await journal.put(callerName("ur-another"), userRecord());
  assert.equal(await journal.newest(callerName()), null);
});

Deno.test("newest() gives back what put() noted, to any process on the folder", async () => {
  await using world = await JournalWorld.make();
  await (await world.journal()).put(callerName(), userRecord());
  assert.deepEqual(revealed(await (await world.journal()).newest(callerName())), revealed(userRecord()));
});

Deno.test("newest() goes by login before generation", async () => {
  await using world = await JournalWorld.make();
  const journal = await world.journal();
  const orders = [{ login: 1, gen: 9 }, { login: 2, gen: 2 }, { login: 2, gen: 10 }, { login: 1, gen: 11 }];
  for (const order of orders) await journal.put(APP_NAME, appRecord(order));
  const newest = await journal.newest(APP_NAME);
  assert.deepEqual([newest?.login, newest?.gen], [2, 10]);
});

Deno.test("newest() finds the pair that a killed process had written whole and not yet given its name", async () => {
  await using world = await JournalWorld.make();
  const journal = await world.journal();
  await journal.put(callerName(), userRecord());
  await Deno.rename(await world.onlyFile(), `${world.folder}/abc.draft`);
  await journal.put(callerName("ur-another"), userRecord());
  assert.deepEqual(revealed(await journal.newest(callerName())), revealed(userRecord()));
  assert.equal(await journal.newest(APP_NAME), null);
});

Deno.test("clear() forgets the draft of a killed process with the other files of the record", async () => {
  await using world = await JournalWorld.make();
  const journal = await world.journal();
  await journal.put(callerName(), userRecord());
  await Deno.rename(await world.onlyFile(), `${world.folder}/abc.draft`);
  await journal.clear(callerName("ur-another"), userRecord());
  assert.deepEqual(await world.names(), ["abc.draft"]);
  await journal.clear(callerName(), userRecord());
  assert.deepEqual(await world.names(), []);
});

Deno.test("put() writes its file although another process found the draft and cleared it", async () => {
  await using world = await JournalWorld.make();
  const journal = await world.journal();
  let isDone = false;
  const putting = journal.put(callerName(), userRecord()).finally(() => isDone = true);
  // Its first draft, unless it has its name already. What stands under that name nobody has seen stored, and nobody clears.
  while (!isDone) {
    const draft = (await world.names()).find((name) => name.endsWith(".draft"));
    if (draft === undefined) continue;
    await Deno.remove(`${world.folder}/${draft}`).catch(() => {});
    break;
  }
  await putting;
  assert.match(await world.onlyFile(), /\.json$/);
});

Deno.test("newest() is null where a killed process has left half of a draft", async () => {
  await using world = await JournalWorld.make();
  const journal = await world.journal();
  await journal.put(callerName(), userRecord());
  const path = await world.onlyFile();
  const text = await Deno.readTextFile(path);
  await Deno.remove(path);
  await Deno.writeTextFile(`${world.folder}/abc.draft`, text.slice(0, text.length / 2));
  assert.equal(await journal.newest(callerName()), null);
});

Deno.test("put() leaves one whole file, and no draft", async () => {
  await using world = await JournalWorld.make();
  const journal = await world.journal();
  await Promise.all([journal.put(callerName(), userRecord()), journal.put(callerName(), userRecord())]);
  const [name, ...more] = await world.names();
  assert.match(name ?? "", /^caller\.[A-Za-z0-9_-]{22}\.0\.1\.fingerprint-of-successor\.json$/);
  assert.deepEqual(more, []);
});

Deno.test("put() writes nothing that can be read, into a file for its owner alone", async () => {
  await using world = await JournalWorld.make();
  await (await world.journal()).put(callerName(), userRecord());
  const path = await world.onlyFile();
  const text = path + await Deno.readTextFile(path);
  for (const planted of Object.values(PLANTED)) assert(!text.includes(planted), planted);
  if (Deno.build.os !== "windows") assert.equal(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
});

Deno.test("put() never shows a half-written file: a process that looks meanwhile finds nothing or the pair", async () => {
  await using world = await JournalWorld.make();
  const journal = await world.journal();
  let isDone = false;
  const putting = journal.put(callerName(), userRecord()).finally(() => isDone = true);
  while (!isDone) await journal.newest(callerName());
  await putting;
  assert.deepEqual(world.log.lines, []);
});

Deno.test("put() makes the folder anew, private, when somebody has removed it", async () => {
  await using world = await JournalWorld.make();
  const journal = await world.journal();
  await Deno.remove(world.folder, { recursive: true });
  assert.equal(await journal.newest(callerName()), null);
  await journal.put(callerName(), userRecord());
  assert.deepEqual(revealed(await journal.newest(callerName())), revealed(userRecord()));
  if (Deno.build.os !== "windows") assert.equal(((await Deno.stat(world.folder)).mode ?? 0) & 0o777, 0o700);
});

Deno.test("put() throws store_unavailable, naming the folder, when something else stands in its place", async () => {
  await using world = await JournalWorld.make();
  const journal = await world.journal();
  await Deno.remove(world.folder, { recursive: true });
  await Deno.writeTextFile(world.folder, "not a folder");
  const expected = { code: "store_unavailable", message: new RegExp(`${world.folder} cannot be written`) };
  await assert.rejects(journal.put(callerName(), userRecord()), expected);
  await assert.rejects(journal.probe(), expected);
  // Nothing can be noted in what is no folder.
  assert.equal(await journal.newest(callerName()), null);
});

Deno.test("probe() leaves nothing behind", async () => {
  await using world = await JournalWorld.make();
  await (await world.journal()).probe();
  assert.deepEqual(await world.names(), []);
});

Deno.test("newest() finds nothing where there is no folder, and the log says so once", async () => {
  await using world = await JournalWorld.make();
  const journal = await world.journal();
  await Deno.remove(world.folder, { recursive: true });
  for (const _again of ["first", "second"]) assert.equal(await journal.newest(callerName()), null);
  assert.equal(world.log.only("journal folder missing: what was noted in it is lost").level, "error");
  await Deno.mkdir(world.folder);
});

Deno.test({
  name: "newest() throws store_unavailable when the folder cannot be read: no answer is not the answer none",
  ignore: Deno.build.os === "windows",
  async fn(): Promise<void> {
    await using world = await JournalWorld.make();
    const journal = await world.journal();
    await Deno.remove(world.folder, { recursive: true });
    // What is unreadable to every user, root as well.
    await Deno.symlink(world.folder, world.folder);
    await assert.rejects(journal.newest(callerName()), {
      code: "store_unavailable",
      message: new RegExp(`the journal ${world.folder} cannot be read: .*symbolic`),
    });
  },
});

Deno.test("clear() forgets the pair and older ones, and keeps newer ones and other records", async () => {
  await using world = await JournalWorld.make();
  const journal = await world.journal();
  for (const gen of [1, 2, 3]) await journal.put(APP_NAME, appRecord({ gen }));
  await journal.put(callerName(), userRecord());
  await journal.clear(APP_NAME, appRecord({ gen: 2 }));
  assert.deepEqual((await world.names()).map((name) => name.replace(/\.[^.]{22}\./, ".")), [
    "app.0.3.fingerprint-of-token.json",
    "caller.0.1.fingerprint-of-successor.json",
  ]);
});

Deno.test("put() and clear() keep two pairs of one generation apart", async () => {
  await using world = await JournalWorld.make();
  const journal = await world.journal();
  const [first, second] = [userRecord({ gen: 2, fp: "first" }), userRecord({ gen: 2, fp: "second" })];
  for (const record of [first, second]) await journal.put(GRANT_NAME, record);
  await journal.clear(GRANT_NAME, first);
  assert.equal((await journal.newest(GRANT_NAME))?.fp, "second");
  await journal.clear(GRANT_NAME, { login: 0, gen: Infinity });
  assert.equal(await journal.newest(GRANT_NAME), null);
});

Deno.test("clear() needs no file to be there", async () => {
  await using world = await JournalWorld.make();
  await (await world.journal()).clear(callerName(), userRecord());
});

Deno.test("newest() passes over a file that cannot be read, names it in the log and leaves it", async () => {
  await using world = await JournalWorld.make();
  const journal = await world.journal();
  await journal.put(callerName(), userRecord());
  const path = await world.onlyFile();
  await Deno.writeTextFile(path, "{torn");
  assert.equal(await journal.newest(callerName()), null);
  assert.deepEqual(world.log.only("journal file unreadable, left in place"), {
    level: "error",
    event: "journal file unreadable, left in place",
    fields: { path, reason: "it holds no entry that this version knows" },
  });
  assert.equal(await Deno.readTextFile(path), "{torn");
});

Deno.test("newest() throws when a file does not open, naming the file, and leaves it", async () => {
  await using world = await JournalWorld.make();
  await (await world.journal(await testKeyring([testKey("k1", 1)]))).put(callerName(), userRecord());
  const path = await world.onlyFile();
  const journal = await world.journal(await testKeyring([testKey("k2", 2)]));
  for (const work of [() => journal.newest(callerName()), () => journal.clear(callerName(), userRecord())]) {
    await assert.rejects(work, {
      code: "store_unreadable",
      message: `A stored value does not open with the configured key: journal file ${path}`,
    });
  }
  assert.equal(await world.onlyFile(), path);
});

Deno.test("newest() opens a caller's pair only with the token that was presented", async () => {
  await using world = await JournalWorld.make();
  const journal = await world.journal();
  await journal.put(callerName("ur-one"), userRecord());
  await journal.put(callerName("ur-two"), userRecord());
  const [one, two] = await world.names();
  await Deno.copyFile(`${world.folder}/${one}`, `${world.folder}/${two}`);
  const opened = await Promise.allSettled([
    journal.newest(callerName("ur-one")),
    journal.newest(callerName("ur-two")),
  ]);
  assert.deepEqual(opened.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
});

Deno.test("all() finds what a killed process had written and not yet named", async () => {
  await using world = await JournalWorld.make();
  const journal = await world.journal();
  await journal.put(callerName(), userRecord());
  await Deno.rename(await world.onlyFile(), `${world.folder}/abc.draft`);
  assert.deepEqual((await journal.all()).map(({ path }) => path), [`${world.folder}/abc.draft`]);
});

Deno.test("all() removes a torn draft once nobody can be writing it any more", async () => {
  await using world = await JournalWorld.make();
  const journal = await world.journal();
  await Deno.writeTextFile(`${world.folder}/abc.draft`, "{torn");
  world.clock.pass(61_000);
  await journal.all();
  await journal.newest(callerName());
  assert.deepEqual(await world.names(), ["abc.draft"]);
  const past = new Date(Date.now() - 61_000);
  await Deno.utime(`${world.folder}/abc.draft`, past, past);
  await journal.newest(callerName());
  assert.deepEqual(await world.names(), ["abc.draft"]);
  await journal.all();
  assert.deepEqual(await world.names(), []);
  assert.deepEqual(world.log.lines, []);
});

Deno.test("all() passes over what is not of the journal", async () => {
  await using world = await JournalWorld.make();
  await Deno.writeTextFile(`${world.folder}/machine`, "an id");
  await Deno.mkdir(`${world.folder}/folder`);
  assert.deepEqual(await (await world.journal()).all(), []);
  assert.deepEqual(world.log.lines, []);
});

/** Puts at the path what no journal file can be. */
const NO_FILES: readonly (readonly [string, RegExp, (path: string) => Promise<unknown>])[] = [
  ["a gigabyte", /^it has 1073741824 bytes, and a file of this kind has at most 4194304$/, async (path) => {
    await Deno.writeTextFile(path, "");
    // Sparse: it takes no room on the disk.
    await Deno.truncate(path, 1_073_741_824);
  }],
  ["a pipe", /named pipe/, (path) => new Deno.Command("mkfifo", { args: [path] }).output()],
  ["a folder", /folder/, (path) => Deno.mkdir(path)],
  ["a link to a pipe", /link/, async (path) => {
    await new Deno.Command("mkfifo", { args: [`${path}.pipe`] }).output();
    await Deno.symlink(`${path}.pipe`, path);
  }],
  ["a link to a device", /link/, (path) => Deno.symlink("/dev/zero", path)],
];

for (const suffix of [".json", ".draft"]) {
  Deno.test.each(NO_FILES.map((each) => [...each] as const))(
    `the journal never reads %s in the place of a file *${suffix}, names it once, and goes on`,
    async (_what, reason, put) => {
      if (Deno.build.os === "windows") return;
      await using world = await JournalWorld.make();
      const journal = await world.journal();
      await journal.put(callerName(), userRecord());
      const file = await world.onlyFile();
      const path = suffix === ".json" ? file.replace(/\.json$/, ".x.json") : `${world.folder}/x.draft`;
      await put(path);
      const past = new Date(Date.now() - 61_000);
      if (!(await Deno.lstat(path)).isSymlink) await Deno.utime(path, past, past);
      assert.deepEqual((await journal.all()).map((each) => each.path), [file]);
      assert.deepEqual(revealed(await journal.newest(callerName())), revealed(userRecord()));
      await journal.clear(callerName(), userRecord());
      assert.equal(await journal.newest(callerName()), null);
      const { fields } = world.log.only("journal file unreadable, left in place");
      assert.equal(fields.path, path);
      assert.match(String(fields.reason), reason);
      assert((await Deno.lstat(path)) !== null);
    },
  );
}
