import assert from "node:assert/strict";
import { createKeyFile, readKeyFile } from "../../../src/store/sealing/key_file.ts";
import { RecordingLog } from "../../support/recording_log.ts";
import { TempFolder } from "../../support/temp_folder.ts";
import { TEST_RANDOM } from "../../support/test_random.ts";

const OS = Deno.build.os;
const OPTIONS = { os: OS, random: TEST_RANDOM };

async function modeOf(path: string): Promise<number> {
  return ((await Deno.stat(path)).mode ?? 0) & 0o777;
}

Deno.test("readKeyFile() is null when there is no file, and makes none", async () => {
  await using folder = await TempFolder.make();
  assert.equal(await readKeyFile(`${folder.path}/tokens.kv.key`, OPTIONS), null);
  assert.deepEqual(await Array.fromAsync(Deno.readDir(folder.path)), []);
});

Deno.test("readKeyFile() gives back the key that createKeyFile() made", async () => {
  await using folder = await TempFolder.make();
  const made = await createKeyFile(`${folder.path}/tokens.kv.key`, OPTIONS);
  assert.deepEqual(await readKeyFile(`${folder.path}/tokens.kv.key`, OPTIONS), made);
});

Deno.test("createKeyFile() gives all who start at once the same key", async () => {
  await using folder = await TempFolder.make();
  const path = `${folder.path}/tokens.kv.key`;
  const keys = await Promise.all(Array.from({ length: 20 }, () => createKeyFile(path, OPTIONS)));
  assert.equal(new Set(keys.map(({ bytes }) => bytes.toHex())).size, 1);
  assert.deepEqual(await readKeyFile(path, OPTIONS), keys[0]);
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
    assert.deepEqual((await readKeyFile(path, OPTIONS))?.bytes, new Uint8Array(32).fill(5));
    assert.equal(await modeOf(path), 0o600);
  },
});

Deno.test.each(["", "half-a-key", "\0\xff"])(
  "readKeyFile() refuses a file that holds %j, in one line without its content",
  async (content) => {
    await using folder = await TempFolder.make();
    const path = `${folder.path}/tokens.kv.key`;
    await Deno.writeTextFile(path, content);
    await assert.rejects(readKeyFile(path, OPTIONS), {
      name: "StartError",
      message:
        `The key file ${path} is damaged: restore it from a backup, or remove the store next to it too`,
    });
    assert.equal(await Deno.readTextFile(path), content);
  },
);

Deno.test("readKeyFile() says in one line that the path is a folder", async () => {
  await using folder = await TempFolder.make();
  await Deno.mkdir(`${folder.path}/tokens.kv.key`, { mode: 0o700 });
  await assert.rejects(readKeyFile(`${folder.path}/tokens.kv.key`, OPTIONS), {
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

/** A test about modes, which mean nothing on Windows. */
function keyTest(name: string, use: (path: string, folder: string) => Promise<void>): void {
  Deno.test({
    name,
    ignore: OS === "windows",
    async fn(): Promise<void> {
      await using folder = await TempFolder.make();
      await use(`${folder.path}/tokens.kv.key`, folder.path);
    },
  });
}

for (const mode of [0o660, 0o602, 0o666, 0o620]) {
  keyTest(`readKeyFile() refuses a file of mode ${octal(mode)}, and leaves it`, async (path) => {
    await createKeyFile(path, OPTIONS);
    await Deno.chmod(path, mode);
    await assert.rejects(readKeyFile(path, OPTIONS), {
      name: "StartError",
      message:
        `The key file ${path} can be written by other users (0${octal(mode)}): make sure that nobody has ` +
        `changed the key, then run \`chmod 600 ${path}\``,
    });
    assert.equal(await modeOf(path), mode);
  });
}

for (const mode of [0o770, 0o777, 0o722, 0o733]) {
  for (const exists of [true, false]) {
    const key = exists ? "a key" : "no key yet";
    keyTest(`readKeyFile() refuses a folder of mode ${octal(mode)} with ${key}`, async (path, folder) => {
      if (exists) await createKeyFile(path, OPTIONS);
      await Deno.chmod(folder, mode);
      await assert.rejects(readKeyFile(path, OPTIONS), {
        name: "StartError",
        message:
          `The key file's folder ${folder} can be written by other users (0${octal(mode)}): make sure that ` +
          `nobody has changed the key, then run \`chmod go-w ${folder}\`, or name a file in a folder of its own with ` +
          "--kv PATH, or set FEISHU_TOKEN_KEY",
      });
    });
  }
}

for (
  const [fileMode, folderMode] of [[0o600, 0o700], [0o400, 0o700], [0o400, 0o755], [0o600, 0o1777]] as const
) {
  keyTest(
    `readKeyFile() takes a file of mode ${octal(fileMode)} in a folder of mode ${
      octal(folderMode)
    }, and leaves nothing`,
    async (path, folder) => {
      const log = new RecordingLog();
      const made = await createKeyFile(path, OPTIONS);
      await Deno.chmod(path, fileMode);
      await Deno.chmod(folder, folderMode);
      assert.deepEqual(await readKeyFile(path, { ...OPTIONS, log }), made);
      assert.equal(await modeOf(path), fileMode);
      assert.deepEqual(log.lines, []);
      assert.equal((await Array.fromAsync(Deno.readDir(folder))).length, 1);
    },
  );
}

/** Only root can give a file away. */
const isRoot = OS !== "windows" && new TextDecoder().decode(
      new Deno.Command("id", { args: ["-u"] }).outputSync().stdout,
    ).trim() === "0";

Deno.test({
  name: "readKeyFile() takes another user's file with a warning, but not in a folder that others can write",
  ignore: !isRoot,
  async fn(): Promise<void> {
    await using folder = await TempFolder.make();
    const path = `${folder.path}/tokens.kv.key`;
    const log = new RecordingLog();
    const made = await createKeyFile(path, OPTIONS);
    await Deno.chown(path, 12_345, 12_345);
    assert.deepEqual(await readKeyFile(path, { ...OPTIONS, log }), made);
    assert.deepEqual(log.only("the key file belongs to another user").fields, {
      path,
      owner: 12_345,
      user: 0,
    });
    await Deno.chmod(folder.path, 0o1777);
    await assert.rejects(readKeyFile(path, OPTIONS), {
      name: "StartError",
      message: /folder .* other users \(1777\)/,
    });
  },
});

Deno.test.each<[string, string, (path: string) => Promise<unknown>]>([
  [
    "a pipe",
    "it is a named pipe (FIFO), not a file",
    (path) => new Deno.Command("mkfifo", { args: [path] }).output(),
  ],
  ["a link to a device", "it is a device, not a file", (path) => Deno.symlink("/dev/zero", path)],
  ["a gigabyte", "it has 1073741824 bytes, and a file of this kind has at most 4096", async (path) => {
    await Deno.writeTextFile(path, "", { mode: 0o600 });
    await Deno.truncate(path, 1_073_741_824);
  }],
])("readKeyFile() never reads %s, and says in one line what it is", async (_what, reason, put) => {
  if (OS === "windows") return;
  await using folder = await TempFolder.make();
  const path = `${folder.path}/tokens.kv.key`;
  await put(path);
  await assert.rejects(readKeyFile(path, OPTIONS), {
    name: "StartError",
    message: `Cannot read the key file ${path}: ${reason}; check who owns it, or set FEISHU_TOKEN_KEY`,
  });
  // Where a start makes the key it may find one that was put there meanwhile.
  await assert.rejects(createKeyFile(path, OPTIONS), {
    name: "StartError",
    message: new RegExp(`key: ${reason.slice(0, 6)}`),
  });
});

function octal(mode: number): string {
  return mode.toString(8);
}
