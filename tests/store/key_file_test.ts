import assert from "node:assert/strict";
import { createKeyFile, readKeyFile } from "../../src/store/key_file.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { TEST_RANDOM } from "../support/test_random.ts";

const OS = Deno.build.os;
const OPTIONS = { os: OS, random: TEST_RANDOM };

async function modeOf(path: string): Promise<number> {
  return ((await Deno.stat(path)).mode ?? 0) & 0o777;
}

Deno.test("readKeyFile() is null when there is no file, and makes none", async () => {
  await using folder = await TempFolder.make();
  assert.equal(await readKeyFile(`${folder.path}/tokens.kv.key`, OS), null);
  assert.deepEqual(await Array.fromAsync(Deno.readDir(folder.path)), []);
});

Deno.test("readKeyFile() gives back the key that createKeyFile() made", async () => {
  await using folder = await TempFolder.make();
  const made = await createKeyFile(`${folder.path}/tokens.kv.key`, OPTIONS);
  assert.deepEqual(await readKeyFile(`${folder.path}/tokens.kv.key`, OS), made);
});

Deno.test("createKeyFile() gives all who start at once the same key", async () => {
  await using folder = await TempFolder.make();
  const path = `${folder.path}/tokens.kv.key`;
  const keys = await Promise.all(Array.from({ length: 20 }, () => createKeyFile(path, OPTIONS)));
  assert.equal(new Set(keys.map(({ bytes }) => bytes.toHex())).size, 1);
  assert.deepEqual(await readKeyFile(path, OS), keys[0]);
});

Deno.test({
  name: "createKeyFile() makes a file for its owner alone",
  ignore: OS === "windows",
  async fn(): Promise<void> {
    await using folder = await TempFolder.make();
    await createKeyFile(`${folder.path}/tokens.kv.key`, OPTIONS);
    assert.equal(await modeOf(`${folder.path}/tokens.kv.key`), 0o600);
  },
});

Deno.test({
  name: "readKeyFile() takes others' rights from a file that an admin copied in",
  ignore: OS === "windows",
  async fn(): Promise<void> {
    await using folder = await TempFolder.make();
    const path = `${folder.path}/tokens.kv.key`;
    await Deno.writeTextFile(path, new Uint8Array(32).fill(5).toHex(), { mode: 0o644 });
    assert.deepEqual((await readKeyFile(path, OS))?.bytes, new Uint8Array(32).fill(5));
    assert.equal(await modeOf(path), 0o600);
  },
});

Deno.test.each(["", "half-a-key", "\0\xff"])(
  "readKeyFile() refuses a file that holds %j, in one line without its content",
  async (content) => {
    await using folder = await TempFolder.make();
    const path = `${folder.path}/tokens.kv.key`;
    await Deno.writeTextFile(path, content);
    await assert.rejects(readKeyFile(path, OS), {
      name: "StartError",
      message: `The key file ${path} is damaged: restore it from a backup, or remove the store beside it too`,
    });
    assert.equal(await Deno.readTextFile(path), content);
  },
);

Deno.test("readKeyFile() says in one line that the path is a folder", async () => {
  await using folder = await TempFolder.make();
  await Deno.mkdir(`${folder.path}/tokens.kv.key`, { mode: 0o700 });
  await assert.rejects(readKeyFile(`${folder.path}/tokens.kv.key`, OS), {
    name: "StartError",
    message:
      /^Cannot read the key file .*tokens\.kv\.key: (it is a folder|permission denied); check who owns it, or set FEISHU_TOKEN_KEY$/,
  });
});

Deno.test("createKeyFile() says in one line why it cannot, and what else would do", async () => {
  await using folder = await TempFolder.make();
  await Deno.writeTextFile(`${folder.path}/file`, "");
  await assert.rejects(createKeyFile(`${folder.path}/file/tokens.kv.key`, OPTIONS), {
    name: "StartError",
    message:
      `Cannot make the key file ${folder.path}/file/tokens.kv.key: a part of the path is not a folder; ` +
      "name another place with --kv PATH, or set FEISHU_TOKEN_KEY",
  });
});
