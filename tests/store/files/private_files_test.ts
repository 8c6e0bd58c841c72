import assert from "node:assert/strict";
import { StartError } from "../../../src/errors/start_error.ts";
import {
  makeOwnFolder,
  makePrivateFile,
  makePrivateFolder,
  narrowFile,
} from "../../../src/store/files/private_files.ts";
import { TempFolder } from "../../support/temp_folder.ts";
import { locksOn } from "../kv/locks_on.ts";

const OS = Deno.build.os;

async function modeOf(path: string): Promise<number> {
  return ((await Deno.stat(path)).mode ?? 0) & 0o777;
}

/** A test about file modes, which mean nothing on Windows. */
function modeTest(name: string, fn: (folder: string) => Promise<void>): void {
  Deno.test({
    name,
    ignore: OS === "windows",
    async fn(): Promise<void> {
      await using folder = await TempFolder.make();
      await fn(folder.path);
    },
  });
}

modeTest("makePrivateFolder() makes every missing part for its owner alone", async (folder) => {
  await makePrivateFolder(`${folder}/a/b`);
  assert.deepEqual([await modeOf(`${folder}/a`), await modeOf(`${folder}/a/b`)], [0o700, 0o700]);
});

modeTest("makePrivateFolder() leaves a folder that exists as it is", async (folder) => {
  await Deno.chmod(folder, 0o755);
  await makePrivateFolder(folder);
  assert.equal(await modeOf(folder), 0o755);
});

modeTest("makeOwnFolder() takes others' rights from a folder that exists", async (folder) => {
  await Deno.chmod(folder, 0o755);
  await makeOwnFolder(folder, OS);
  assert.equal(await modeOf(folder), 0o700);
});

modeTest("makePrivateFile() makes an empty file for its owner alone", async (folder) => {
  await makePrivateFile(`${folder}/file`);
  assert.equal(await modeOf(`${folder}/file`), 0o600);
});

modeTest(
  "makePrivateFile() leaves a file that exists as it is",
  async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "content", { mode: 0o644 });
    await makePrivateFile(`${folder}/file`);
    assert.equal(await modeOf(`${folder}/file`), 0o644);
    assert.equal(await Deno.readTextFile(`${folder}/file`), "content");
  },
);

modeTest("makePrivateFile() says of a link that it leads nowhere", async (folder) => {
  await Deno.symlink(`${folder}/elsewhere`, `${folder}/file`);
  await assert.rejects(makePrivateFile(`${folder}/file`), {
    message: /file: it is a link that leads nowhere; name/,
  });
});

modeTest(
  "makePrivateFile() says of a pipe that it is none, and does not wait for its other end",
  async (folder) => {
    await new Deno.Command("mkfifo", { args: [`${folder}/file`] }).output();
    await assert.rejects(makePrivateFile(`${folder}/file`), {
      message: /file: it is a named pipe \(FIFO\), not a file/,
    });
  },
);

Deno.test({
  name: "makePrivateFile() leaves the locks alone that SQLite has on an open database",
  ignore: OS !== "linux",
  async fn(): Promise<void> {
    await using folder = await TempFolder.make();
    const path = `${folder.path}/tokens.kv`;
    using kv = await Deno.openKv(path);
    await kv.set(["key"], 1);
    const before = await locksOn(path);
    assert(before > 0);
    await makePrivateFile(path);
    assert.equal(await locksOn(path), before);
    // What it must not do: the next process that closes the database would take it for the last, and remove its log.
    (await Deno.open(path, { read: true })).close();
    assert.equal(await locksOn(path), 0);
  },
});

modeTest("narrowFile() takes others' rights from a file, and leaves its content", async (folder) => {
  await Deno.writeTextFile(`${folder}/file`, "content", { mode: 0o644 });
  await narrowFile(`${folder}/file`, OS);
  assert.equal(await modeOf(`${folder}/file`), 0o600);
  assert.equal(await Deno.readTextFile(`${folder}/file`), "content");
});

modeTest("narrowFile() leaves a file as it is when nobody else has rights to it", async (folder) => {
  await Deno.writeTextFile(`${folder}/file`, "", { mode: 0o400 });
  await narrowFile(`${folder}/file`, OS);
  assert.equal(await modeOf(`${folder}/file`), 0o400);
});

Deno.test("narrowFile() does nothing when there is no file", async () => {
  await using folder = await TempFolder.make();
  await narrowFile(`${folder.path}/none`, OS);
});

Deno.test("narrowFile() looks at no mode on Windows", async () => {
  await narrowFile("\0", "windows");
});

Deno.test("makePrivateFolder() says in one line what is in the way", async () => {
  await using folder = await TempFolder.make();
  await Deno.writeTextFile(`${folder.path}/file`, "");
  await assert.rejects(makePrivateFolder(`${folder.path}/file/below`), (error: unknown) => {
    assert(error instanceof StartError);
    assert.equal(
      error.message,
      `Cannot make the folder ${folder.path}/file/below: a part of the path is not a folder; ` +
        "name another place with --kv PATH or FEISHU_TOKEN_KV",
    );
    return true;
  });
});

Deno.test("makePrivateFile() says in one line that the path is a folder", async () => {
  await using folder = await TempFolder.make();
  await assert.rejects(makePrivateFile(folder.path), {
    name: "StartError",
    message: `Cannot write the token store ${folder.path}: it is a folder; ` +
      "name another place with --kv PATH or FEISHU_TOKEN_KV",
  });
});

Deno.test({
  name: "makePrivateFile() says in one line that Deno may not write there",
  permissions: { read: true, write: false },
  async fn(): Promise<void> {
    await assert.rejects(makePrivateFile("/somewhere/tokens.kv"), {
      name: "StartError",
      message: "Cannot write the token store /somewhere/tokens.kv: Deno was not given the permission " +
        "(--allow-read, --allow-write); name another place with --kv PATH or FEISHU_TOKEN_KV",
    });
  },
});

Deno.test({
  name: "narrowFile() says in one line that it cannot take rights away",
  ignore: OS === "windows",
  permissions: { read: true, write: false },
  async fn(): Promise<void> {
    const path = import.meta.filename;
    await assert.rejects(narrowFile(path ?? "", OS), {
      name: "StartError",
      message:
        `${path} is open to other users and cannot be closed to them: Deno was not given the permission ` +
        "(--allow-read, --allow-write); check who owns it",
    });
  },
});
