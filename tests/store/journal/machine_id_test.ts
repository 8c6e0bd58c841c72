import assert from "node:assert/strict";
import { StartError } from "../../../src/errors/start_error.ts";
import { machineId } from "../../../src/store/journal/machine_id.ts";
import { TempFolder } from "../../support/temp_folder.ts";
import { TEST_RANDOM } from "../../support/test_random.ts";

const OPTIONS = { os: Deno.build.os, random: TEST_RANDOM };

Deno.test("machineId() gives everybody on one journal folder the same id", async () => {
  await using folder = await TempFolder.make();
  const ids = await Promise.all(Array.from({ length: 10 }, () => machineId(folder.path, OPTIONS)));
  assert.equal(new Set(ids).size, 1);
  assert.match(ids[0] ?? "", /^[A-Za-z0-9_-]{16}$/);
});

Deno.test("machineId() differs between folders", async () => {
  await using one = await TempFolder.make();
  await using two = await TempFolder.make();
  assert.notEqual(await machineId(one.path, OPTIONS), await machineId(two.path, OPTIONS));
});

Deno.test("machineId() keeps the id that the folder has, whatever blanks an editor added", async () => {
  await using folder = await TempFolder.make();
  await Deno.writeTextFile(`${folder.path}/machine`, "the-id-of-here\n");
  assert.equal(await machineId(folder.path, OPTIONS), "the-id-of-here");
});

Deno.test("machineId() throws one line when the folder cannot be written", async () => {
  await using folder = await TempFolder.make();
  await Deno.writeTextFile(`${folder.path}/file`, "");
  await assert.rejects(machineId(`${folder.path}/file`, OPTIONS), {
    name: "StartError",
    message:
      `Cannot write into the journal folder ${folder.path}/file: a part of the path is not a folder; check who owns it and its disk`,
  });
});

Deno.test.each<[string, (path: string) => Promise<unknown>]>([
  ["a megabyte", (path) => Deno.writeTextFile(path, "x".repeat(1_048_576))],
  ["no id", (path) => Deno.writeTextFile(path, "two words")],
  ["nothing", (path) => Deno.writeTextFile(path, "")],
  ["a folder", (path) => Deno.mkdir(path)],
  ["a pipe", (path) => new Deno.Command("mkfifo", { args: [path] }).output()],
  ["a link to a device", (path) => Deno.symlink("/dev/zero", path)],
])("machineId() refuses %s in its file's place, in one line that names it", async (_what, put) => {
  if (Deno.build.os === "windows") return;
  await using folder = await TempFolder.make();
  await put(`${folder.path}/machine`);
  await assert.rejects(machineId(folder.path, OPTIONS), (error: unknown) => {
    assert(error instanceof StartError);
    assert(error.message.startsWith(`The file ${folder.path}/machine cannot be used: it `), error.message);
    assert.match(
      error.message,
      /; end every process that uses this store, and remove the file: the next start makes another$/,
    );
    return true;
  });
});
