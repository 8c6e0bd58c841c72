import assert from "node:assert/strict";
import { childCommand } from "../../../harness/child_command.ts";
import { ProcessLock, removeDeadLocks } from "../../../src/store/journal/process_lock.ts";

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function names(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of Deno.readDir(folder)) found.push(name);
  return found.sort();
}

Deno.test("isAlive() says yes of a process that holds its lock, and no once it has let go", () =>
  inFolder(async (folder) => {
    const a = await ProcessLock.take(folder, "a");
    const b = await ProcessLock.take(folder, "b");
    assert.equal(await a.isAlive("b"), true);
    assert.equal(await a.isAlive("a"), true);
    b.release();
    assert.equal(await a.isAlive("b"), false);
    assert.equal(await a.isAlive("never-started"), false);
    a.release();
    assert.deepEqual(await names(folder), []);
  }));

Deno.test("hasOthers() counts the processes that live, without its own", () =>
  inFolder(async (folder) => {
    const a = await ProcessLock.take(folder, "a");
    assert.equal(await a.hasOthers(), false);
    const b = await ProcessLock.take(folder, "b");
    assert.deepEqual([await a.hasOthers(), await b.hasOthers()], [true, true]);
    b.release();
    // What a process leaves behind that was killed.
    await Deno.writeTextFile(`${folder}/dead.lock`, "");
    assert.equal(await a.hasOthers(), false);
    a.release();
  }));

Deno.test("isAlive() says no of a process that was killed with SIGKILL", () =>
  inFolder(async (folder) => {
    const program = `
      import { ProcessLock } from ${
      JSON.stringify(import.meta.resolve("../../../src/store/journal/process_lock.ts"))
    };
      await ProcessLock.take(${JSON.stringify(folder)}, "child");
      console.log("locked");
      await Deno.stdin.read(new Uint8Array(1));`;
    const child = childCommand(Deno.execPath(), {
      args: ["eval", "--quiet", program],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const reader = child.stdout.getReader();
    await reader.read();
    const lock = await ProcessLock.take(folder, "parent");
    assert.equal(await lock.isAlive("child"), true);
    child.kill("SIGKILL");
    await child.status;
    await Promise.all([reader.cancel(), child.stdin.close()]);
    assert.equal(await lock.isAlive("child"), false);
    lock.release();
  }));

Deno.test("isAlive() calls nobody dead when the whole folder was removed", () =>
  inFolder(async (folder) => {
    const a = await ProcessLock.take(folder, "a");
    const b = await ProcessLock.take(folder, "b");
    await Deno.remove(folder, { recursive: true });
    assert.equal(await a.isAlive("b"), true);
    // Nor when somebody has made it anew.
    await Deno.mkdir(folder);
    assert.equal(await a.isAlive("b"), true);
    a.release();
    b.release();
  }));

Deno.test("removeDeadLocks() removes the files of the dead alone", () =>
  inFolder(async (folder) => {
    const a = await ProcessLock.take(folder, "a");
    await Deno.writeTextFile(`${folder}/dead.lock`, "");
    await Deno.writeTextFile(`${folder}/machine`, "id");
    await removeDeadLocks(folder, a);
    assert.deepEqual(await names(folder), ["a.lock", "machine"]);
    a.release();
  }));
