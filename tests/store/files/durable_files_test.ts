import assert from "node:assert/strict";
import { createOnce, flushFolder, writeFlushed } from "../../../src/store/files/durable_files.ts";
import { TempFolder } from "../../support/temp_folder.ts";
import { TEST_RANDOM } from "../../support/test_random.ts";

const OPTIONS = { os: Deno.build.os, random: TEST_RANDOM };
const isWindows = Deno.build.os === "windows";

Deno.test("writeFlushed() writes the text whole", async () => {
  await using folder = await TempFolder.make();
  const text = "飞书".repeat(100_000);
  await writeFlushed(`${folder.path}/file`, text);
  assert.equal(await Deno.readTextFile(`${folder.path}/file`), text);
});

Deno.test("writeFlushed() throws when the file exists, and leaves it alone", async () => {
  await using folder = await TempFolder.make();
  await Deno.writeTextFile(`${folder.path}/file`, "first");
  await assert.rejects(writeFlushed(`${folder.path}/file`, "second"), Deno.errors.AlreadyExists);
  assert.equal(await Deno.readTextFile(`${folder.path}/file`), "first");
});

Deno.test({
  name: "writeFlushed() makes a file for its owner alone",
  ignore: isWindows,
  async fn(): Promise<void> {
    await using folder = await TempFolder.make();
    await writeFlushed(`${folder.path}/file`, "text");
    assert.equal(((await Deno.stat(`${folder.path}/file`)).mode ?? 0) & 0o777, 0o600);
  },
});

Deno.test({
  name: "flushFolder() throws when there is no such folder",
  ignore: isWindows,
  async fn(): Promise<void> {
    await using folder = await TempFolder.make();
    await assert.rejects(flushFolder(`${folder.path}/none`, Deno.build.os), Deno.errors.NotFound);
  },
});

Deno.test("flushFolder() opens nothing on Windows, where folders cannot be opened as files", async () => {
  await using folder = await TempFolder.make();
  await flushFolder(`${folder.path}/none`, "windows");
});

Deno.test("createOnce() makes all who do so at once agree on one content", async () => {
  await using folder = await TempFolder.make();
  const path = `${folder.path}/file`;
  const texts = Array.from({ length: 20 }, (_, index) => `content ${index}`);
  const held = await Promise.all(texts.map((text) => createOnce(path, text, OPTIONS)));
  assert.deepEqual([...new Set(held)], [await Deno.readTextFile(path)]);
});

Deno.test("createOnce() gives back what an existing file holds", async () => {
  await using folder = await TempFolder.make();
  await Deno.writeTextFile(`${folder.path}/file`, "theirs");
  assert.equal(await createOnce(`${folder.path}/file`, "ours", OPTIONS), "theirs");
});

Deno.test("createOnce() leaves no draft behind", async () => {
  await using folder = await TempFolder.make();
  await createOnce(`${folder.path}/file`, "first", OPTIONS);
  await createOnce(`${folder.path}/file`, "second", OPTIONS);
  const names = await Array.fromAsync(Deno.readDir(folder.path), ({ name }) => name);
  assert.deepEqual(names, ["file"]);
});

Deno.test("createOnce() leaves no draft behind when it cannot link it into place", async () => {
  await using folder = await TempFolder.make();
  await Deno.mkdir(`${folder.path}/sub`);
  // With a separator at the end the draft is a file inside the folder, and the place itself is none for a link.
  await assert.rejects(createOnce(`${folder.path}/sub/`, "text", OPTIONS));
  assert.deepEqual(await Array.fromAsync(Deno.readDir(`${folder.path}/sub`)), []);
});
