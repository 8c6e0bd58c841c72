import assert from "node:assert/strict";
import {
  editFile,
  type EditFileOptions,
  type FileEdit,
  undoEdit,
} from "../../../src/cli/client_files/edit_file.ts";
import { jsonFormat } from "../../../src/cli/client_files/json_format.ts";
import { StartError } from "../../../src/errors/start_error.ts";
import { TempFolder } from "../../support/temp_folder.ts";
import { TEST_RANDOM } from "../../support/test_random.ts";

const onPosix = { ignore: Deno.build.os === "windows" };
const FORMAT = jsonFormat("mcpServers");
const OLD = '{\n  "theme": "dark"\n}\n';

/** A folder with a client's file, and changes of it. */
class EditedFile implements AsyncDisposable {
  readonly path: string;
  readonly #folder: TempFolder;
  #nowMs = Date.UTC(2026, 0, 2, 3, 4, 5);

  private constructor(folder: TempFolder) {
    this.#folder = folder;
    this.path = `${folder.path}/家 目录/mcp.json`;
  }

  static async make(content?: string | Uint8Array): Promise<EditedFile> {
    const file = new EditedFile(await TempFolder.make());
    if (content === undefined) return file;
    await Deno.mkdir(`${file.#folder.path}/家 目录`);
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await Deno.writeFile(file.path, bytes, { mode: 0o640 });
    return file;
  }

  options(onDrafted?: () => Promise<void>): EditFileOptions {
    const now = (): number => this.#nowMs += 1_000;
    return { os: Deno.build.os, random: TEST_RANDOM, now, ...(onDrafted === undefined ? {} : { onDrafted }) };
  }

  /** Puts an entry in. */
  set(command = "x", onDrafted?: () => Promise<void>): Promise<FileEdit> {
    const edit = (text: string): string => FORMAT.set(text, "a", { command }, []);
    return editFile(this.path, edit, this.options(onDrafted));
  }

  read(): Promise<string> {
    return Deno.readTextFile(this.path);
  }

  /** Names in the folder of the file. */
  async names(): Promise<string[]> {
    const names: string[] = [];
    for await (const { name } of Deno.readDir(`${this.#folder.path}/家 目录`)) names.push(name);
    return names.toSorted();
  }

  async refusal(edit: Promise<unknown>): Promise<string> {
    const error = await edit.then(() => undefined, (thrown: unknown) => thrown);
    assert.ok(error instanceof StartError, String(error));
    return error.textIn("en");
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#folder[Symbol.asyncDispose]();
  }
}

Deno.test({
  name: "editFile() makes a file with its folder, for its owner alone, and no copy",
  ...onPosix,
  async fn(): Promise<void> {
    await using file = await EditedFile.make();
    const edit = await file.set();
    assert.deepEqual([await file.names(), edit.backup], [["mcp.json"], undefined]);
    assert.equal((await Deno.stat(file.path)).mode! & 0o777, 0o600);
    assert.deepEqual(JSON.parse(await file.read()), { mcpServers: { a: { command: "x" } } });
  },
});

Deno.test({
  name: "editFile() keeps the mode, and copies what was there with the same one",
  ...onPosix,
  async fn(): Promise<void> {
    await using file = await EditedFile.make(OLD);
    await Deno.chmod(file.path, 0o664);
    const { backup = "" } = await file.set();
    assert.equal(await Deno.readTextFile(backup), OLD);
    for (const path of [file.path, backup]) assert.equal((await Deno.stat(path)).mode! & 0o777, 0o664);
  },
});

Deno.test("editFile() keeps the three newest copies, and nothing else of its own", async () => {
  await using file = await EditedFile.make(OLD);
  for (const command of ["1", "2", "3", "4", "5"]) await file.set(command);
  const names = await file.names();
  assert.deepEqual(names.map((name) => name.replace(/-2026\d{4}T\d{9}Z/, "")), [
    "mcp.json",
    ...Array.from({ length: 3 }, () => "mcp.json.feishu-token-mcp.bak"),
  ]);
  const oldest = await Deno.readTextFile(file.path.replace("mcp.json", names[1] ?? ""));
  assert.match(oldest, /"command": "2"/);
});

Deno.test("editFile() writes and copies nothing when there is nothing to change", async () => {
  await using file = await EditedFile.make(OLD);
  await file.set();
  const before = await Deno.stat(file.path);
  const { backup } = await file.set();
  assert.equal(backup, undefined);
  assert.deepEqual((await Deno.stat(file.path)).ino, before.ino);
});

Deno.test("editFile() reads and merges again when the client has written the file meanwhile", async () => {
  await using file = await EditedFile.make(OLD);
  let times = 0;
  await file.set("x", async () => {
    if (times++ < 2) await Deno.writeTextFile(file.path, `{"theme": "light", "times": ${times}}`);
  });
  assert.deepEqual(JSON.parse(await file.read()), {
    theme: "light",
    times: 2,
    mcpServers: { a: { command: "x" } },
  });
  assert.equal((await file.names()).length, 2);
});

Deno.test("editFile() gives up when the client keeps writing, and leaves nothing of its own", async () => {
  await using file = await EditedFile.make(OLD);
  let times = 0;
  const said = await file.refusal(
    file.set("x", () => Deno.writeTextFile(file.path, `{"times": ${++times}}`)),
  );
  assert.match(said, /another program keeps writing it: close the client, and run the command again/);
  assert.deepEqual([await file.read(), await file.names()], ['{"times": 5}', ["mcp.json"]]);
});

Deno.test({
  name: "editFile() writes through links, also through one whose file does not exist yet",
  ...onPosix,
  async fn(): Promise<void> {
    await using file = await EditedFile.make(OLD);
    const target = file.path.replace("mcp.json", "dotfiles.json");
    await Deno.rename(file.path, target);
    await Deno.symlink("dotfiles.json", file.path.replace("mcp.json", "between.json"));
    await Deno.symlink("between.json", file.path);
    assert.equal((await file.set()).path, target);
    assert.ok((await Deno.lstat(file.path)).isSymlink);
    assert.match(await Deno.readTextFile(target), /"theme": "dark"[\s\S]*"command": "x"/);
    await Deno.remove(target);
    await file.set();
    assert.match(await Deno.readTextFile(target), /"command": "x"/);
  },
});

Deno.test("editFile() keeps a byte order mark", async () => {
  await using file = await EditedFile.make(`\ufeff${OLD}`);
  await file.set();
  assert.deepEqual((await Deno.readFile(file.path)).slice(0, 4), new Uint8Array([0xef, 0xbb, 0xbf, 0x7b]));
});

Deno.test.each<[string, string | Uint8Array, RegExp]>([
  ["what is no JSON", '{\n  "mcpServers": {\n', /^Cannot read .*mcp\.json, line 3: .*; correct that line/],
  ["UTF-16", new Uint8Array([0xff, 0xfe, 0x7b, 0, 0x7d, 0]), /line 1: it is in UTF-16, save it as UTF-8/],
  ["what is not in UTF-8", new Uint8Array([0x7b, 0xff, 0x7d]), /line 1: it is not in UTF-8/],
])("editFile() never overwrites %s", async (_case, content, expected) => {
  await using file = await EditedFile.make(content);
  const before = await Deno.readFile(file.path);
  assert.match(await file.refusal(file.set()), expected);
  assert.deepEqual([await Deno.readFile(file.path), await file.names()], [before, ["mcp.json"]]);
});

Deno.test("editFile() refuses a folder in the place of the file", async () => {
  await using file = await EditedFile.make();
  await Deno.mkdir(file.path, { recursive: true });
  assert.match(await file.refusal(file.set()), /^Cannot change .*, since it is a folder/);
});

Deno.test({
  name: "editFile() refuses a read-only file, also as root",
  ...onPosix,
  async fn(): Promise<void> {
    await using file = await EditedFile.make(OLD);
    await Deno.chmod(file.path, 0o444);
    assert.match(await file.refusal(file.set()), /since it is read-only: .*--print/);
    assert.deepEqual([await file.read(), await file.names()], [OLD, ["mcp.json"]]);
  },
});

Deno.test({
  name: "editFile() refuses links that lead in a circle, and what is no regular file",
  ...onPosix,
  async fn(): Promise<void> {
    await using file = await EditedFile.make(OLD);
    await Deno.remove(file.path);
    await Deno.symlink("mcp.json", file.path);
    assert.match(await file.refusal(file.set()), /circle/);
    await Deno.remove(file.path);
    await Deno.symlink("/dev/null", file.path);
    assert.match(await file.refusal(file.set()), /it is no regular file/);
  },
});

Deno.test("undoEdit() puts the very content back, and removes the copy", async () => {
  await using file = await EditedFile.make(OLD);
  const edit = await file.set();
  assert.equal(await undoEdit(edit, file.options()), true);
  assert.deepEqual([await file.read(), await file.names()], [OLD, ["mcp.json"]]);
});

Deno.test("undoEdit() removes a file that was made", async () => {
  await using file = await EditedFile.make();
  assert.equal(await undoEdit(await file.set(), file.options()), true);
  assert.deepEqual(await file.names(), []);
});

Deno.test("undoEdit() leaves a file alone that somebody has changed since", async () => {
  await using file = await EditedFile.make(OLD);
  const edit = await file.set();
  await Deno.writeTextFile(file.path, "{}");
  assert.equal(await undoEdit(edit, file.options()), false);
  assert.equal(await file.read(), "{}");
});
