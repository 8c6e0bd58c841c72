import assert from "node:assert/strict";
import { CoalescedReads } from "../../src/concurrency/coalesced_reads.ts";

/** Reads that end when the test says so. */
class ScriptedReads {
  readonly reads = new CoalescedReads<string>();
  readonly begun: PromiseWithResolvers<string>[] = [];

  join(key = "a"): Promise<string> {
    return this.reads.run(key, () => {
      const read = Promise.withResolvers<string>();
      this.begun.push(read);
      return read.promise;
    });
  }

  /** Lets everything happen that has nothing left to wait for. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  }
}

Deno.test("join() gives those who come during a read the next one, which they share", async () => {
  const scripted = new ScriptedReads();
  const first = scripted.join();
  const others = [scripted.join(), scripted.join()];
  await scripted.settle();
  assert.equal(scripted.begun.length, 1);
  scripted.begun[0]?.resolve("old");
  assert.equal(await first, "old");
  await scripted.settle();
  assert.equal(scripted.begun.length, 2);
  scripted.begun[1]?.resolve("new");
  assert.deepEqual(await Promise.all(others), ["new", "new"]);
});

Deno.test("join() gives a caller that comes during the shared read another one", async () => {
  const scripted = new ScriptedReads();
  const first = scripted.join();
  const second = scripted.join();
  scripted.begun[0]?.resolve("1");
  await first;
  await scripted.settle();
  const third = scripted.join();
  scripted.begun[1]?.resolve("2");
  assert.equal(await second, "2");
  await scripted.settle();
  scripted.begun[2]?.resolve("3");
  assert.equal(await third, "3");
});

Deno.test("join() reads anew after a read that failed", async () => {
  const scripted = new ScriptedReads();
  const first = scripted.join();
  const second = scripted.join();
  scripted.begun[0]?.reject(new Error("store away"));
  await assert.rejects(first, /store away/);
  await scripted.settle();
  scripted.begun[1]?.resolve("back");
  assert.equal(await second, "back");
});

Deno.test("join() lets nobody wait for a read under another key", () => {
  const scripted = new ScriptedReads();
  scripted.join("a");
  scripted.join("b");
  assert.equal(scripted.begun.length, 2);
});
