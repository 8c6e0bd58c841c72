import assert from "node:assert/strict";
import { readEnvFile } from "../../src/cli/env_file.ts";
import { StartError } from "../../src/errors/start_error.ts";
import { TempFolder } from "../support/temp_folder.ts";

async function parsed(text: string): Promise<Record<string, string>> {
  await using folder = await TempFolder.make();
  const path = `${folder.path}/env`;
  await Deno.writeTextFile(path, text);
  return { ...await readEnvFile(path, false) };
}

Deno.test.each([
  ["plain values", "A=1\nB=2\n", { A: "1", B: "2" }],
  ["quotes", `A="x y"\nB='z #1'\n`, { A: "x y", B: "z #1" }],
  ["export", "export A=1\n", { A: "1" }],
  ["Windows line ends", "A=1\r\nB=2\r\n", { A: "1", B: "2" }],
  ["comments and empty lines", "# no\n\nA=1 # why\n", { A: "1" }],
  ["a byte order mark", "\uFEFFA=1\n", { A: "1" }],
  ["no newline at its end", "A=1", { A: "1" }],
  ["a dollar sign, which expands nothing", 'A="a$HOME"\n', { A: "a$HOME" }],
])("readEnvFile() reads %s", async (_name, text, expected) => {
  assert.deepEqual(await parsed(text), expected);
});

Deno.test("readEnvFile() refuses when the file is missing", async () => {
  await using folder = await TempFolder.make();
  await assert.rejects(readEnvFile(`${folder.path}/none`, false), (error) => {
    assert(error instanceof StartError);
    assert.match(error.message, /^There is no file .*none: .*\.env\.example$/);
    return true;
  });
});

Deno.test("readEnvFile() reads nothing when an optional file is missing", async () => {
  await using folder = await TempFolder.make();
  assert.deepEqual(await readEnvFile(`${folder.path}/none`, true), {});
});

Deno.test("readEnvFile() refuses what is no file, also when it is optional", async () => {
  await using folder = await TempFolder.make();
  await assert.rejects(readEnvFile(folder.path, true), /^StartError: Cannot read /);
});
