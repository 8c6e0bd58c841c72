import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { World } from "./world.ts";

/** A world with a store that a server has made and left. */
async function leftStore(world: World): Promise<string> {
  const path = `${world.home}/tokens.kv`;
  const server = await world.start({ args: ["--kv", path] });
  await server.listens();
  server.kill("SIGTERM");
  await server.end();
  return path;
}

Deno.test("main.ts says in one line that another program keeps the store locked, and ends with 2", async () => {
  await using world = await World.create();
  const path = await leftStore(world);
  using other = new DatabaseSync(path);
  other.exec("begin exclusive");
  const { code, stderr } = await (await world.start({ args: ["--kv", path] })).end();
  const [waiting = "", refused = "", ...rest] = stderr.trimEnd().split("\n");
  assert.match(
    waiting,
    /"event":"store file locked by another program, waiting for it","path":"[^"]+tokens\.kv"/,
  );
  assert.match(
    refused,
    /^feishu-token-mcp: The token store \S+ is locked by another program: end what keeps it open/,
  );
  assert.deepEqual([code, rest], [2, []]);
});

Deno.test("main.ts that waits for a locked store ends at once when it is told to", async () => {
  await using world = await World.create();
  const path = await leftStore(world);
  using other = new DatabaseSync(path);
  other.exec("begin exclusive");
  const server = await world.start({ args: ["--kv", path] });
  await server.says(/waiting for it/);
  server.kill("SIGTERM");
  const { code, stderr } = await server.end();
  // Had it waited to the end, that would be the refusal of a locked store.
  assert.equal(code, 0, stderr);
  assert.doesNotMatch(stderr, /end what keeps it open|listening/);
});

Deno.test("main.ts that waits for a locked store serves as soon as that is free", async () => {
  await using world = await World.create();
  const path = await leftStore(world);
  using other = new DatabaseSync(path);
  other.exec("begin exclusive");
  const server = await world.start({ args: ["--kv", path] });
  await server.says(/waiting for it/);
  other.close();
  await server.listens();
});

Deno.test("main.ts refuses another program's database and leaves it as it was, its rights too", async () => {
  await using world = await World.create();
  const path = `${world.home}/other.db`;
  {
    using other = new DatabaseSync(path);
    other.exec("create table users (name); insert into users values ('someone')");
  }
  await Deno.chmod(path, 0o644);
  const [before, { mode }] = [await Deno.readFile(path), await Deno.stat(path)];
  const { code, stderr } = await (await world.start({ args: ["--kv", path] })).end();
  assert.match(
    stderr,
    /^feishu-token-mcp: The token store \S+ is the database of another program: it has a table "users"; name another with --kv PATH\n$/,
  );
  assert.equal(code, 2);
  assert.deepEqual(await Deno.readFile(path), before);
  assert.equal((await Deno.stat(path)).mode, mode);
  assert.deepEqual(
    (await Array.fromAsync(Deno.readDir(world.home))).filter(({ name }) => name.startsWith("other.db"))
      .length,
    1,
  );
});

Deno.test("main.ts refuses a damaged database that would make Deno end the process", async () => {
  await using world = await World.create();
  const path = await leftStore(world);
  {
    using database = new DatabaseSync(path);
    database.exec("drop table queue_running");
  }
  const { code, stderr } = await (await world.start({ args: ["--kv", path] })).end();
  assert.match(stderr, /^feishu-token-mcp: The token store \S+ is damaged: restore it from a backup\n$/);
  assert.equal(code, 2);
});

/** What must never be read: each would keep a start waiting, or take all memory. */
const UNFIT: readonly (readonly [string, string, (path: string) => Promise<unknown>])[] = [
  ["a pipe as the key", ".key", pipe],
  ["a gigabyte as the key", ".key", gigabyte],
  ["a pipe as the machine's id", ".journal/machine", pipe],
  [
    "a megabyte as the machine's id",
    ".journal/machine",
    (path) => Deno.writeTextFile(path, "x".repeat(1_048_576)),
  ],
  ["a pipe as SQLite's log", "-wal", pipe],
  ["a folder as the store", "", (path) => Deno.mkdir(path)],
  ["a pipe as the store", "", pipe],
];

async function pipe(path: string): Promise<void> {
  await new Deno.Command("mkfifo", { args: ["-m", "600", path] }).output();
}

async function gigabyte(path: string): Promise<void> {
  await Deno.writeTextFile(path, "", { mode: 0o600 });
  await Deno.truncate(path, 1_073_741_824);
}

Deno.test.each(UNFIT.map((each) => [...each] as const))(
  "main.ts that finds %s ends with 2 and one line that names it",
  async (_what, suffix, put) => {
    if (Deno.build.os === "windows") return;
    await using world = await World.create();
    const store = await leftStore(world);
    await Deno.remove(`${store}${suffix}`).catch(() => {});
    await put(`${store}${suffix}`);
    const { code, stderr } = await (await world.start({ args: ["--kv", store] })).end();
    const [line = "", ...rest] = stderr.trimEnd().split("\n");
    assert(line.startsWith("feishu-token-mcp: ") && line.includes(`${store}${suffix}`), stderr);
    assert.match(line, /it is a |it has \d+ bytes/);
    assert.deepEqual([code, rest], [2, []]);
  },
);

Deno.test("main.ts with unreadable files in the journal names them and serves", async () => {
  if (Deno.build.os === "windows") return;
  await using world = await World.create();
  const store = await leftStore(world);
  await gigabyte(`${store}.journal/app.x.0.1.y.json`);
  await pipe(`${store}.journal/x.draft`);
  await pipe(`${store}.journal/process.lock`);
  const server = await world.start({ args: ["--kv", store] });
  await server.listens();
  const named = server.stderr.split("\n").filter((line) =>
    line.includes("journal file unreadable, left in place")
  );
  assert.equal(named.length, 2, server.stderr);
  assert.match(named.join("\n"), /app\.x\.0\.1\.y\.json","reason":"it has 1073741824 bytes/);
  assert.match(named.join("\n"), /x\.draft","reason":"it is a named pipe/);
});
