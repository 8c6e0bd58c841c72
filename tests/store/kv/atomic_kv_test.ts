import type { Clock } from "../../../src/ports/clock.ts";
import type { AtomicKv } from "../../../src/store/kv/atomic_kv.ts";
import { DenoKv } from "../../../src/store/kv/deno_kv.ts";
import { type KvDatabase, OneHandle } from "../../../src/store/kv/kv_database.ts";
import { findDenoKv, startDenoKv } from "../../support/denokv.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { RecordingLog } from "../../support/recording_log.ts";
import { TempFolder } from "../../support/temp_folder.ts";
import { TEST_RANDOM } from "../../support/test_random.ts";
import { REAL_CLOCK } from "../../support/token_world.ts";
import { type AtomicKvWorld, testAtomicKv } from "./atomic_kv_suite.ts";
import { FaultyKv } from "./faulty_kv.ts";

/** Two handles on one database: `openKv` opens another each time, or the same where there can be but one. */
async function worldOn(
  openKv: () => Promise<Deno.Kv>,
  isFile: boolean,
  close: () => Promise<void>,
): Promise<AtomicKvWorld> {
  const [first, second] = [await openKv(), await openKv()];
  const clock = new ManualClock();
  const faulty = new FaultyKv(first);
  const kvOn = (handle: Deno.Kv, time: Clock): AtomicKv => {
    // A file is not told when keys end.
    const database: KvDatabase = Object.assign(new OneHandle(handle), { takesEnds: !isFile });
    return new DenoKv({ database, clock: time, random: TEST_RANDOM, log: new RecordingLog() });
  };
  return {
    kv: kvOn(first, REAL_CLOCK),
    unreliable: kvOn(faulty.kv, clock),
    other: kvOn(second, REAL_CLOCK),
    faulty,
    async passDeadline(): Promise<void> {
      await clock.untilSleeping(1);
      clock.pass(60_000);
    },
    async [Symbol.asyncDispose](): Promise<void> {
      for (const handle of new Set([first, second])) handle.close();
      await close();
    },
  };
}

testAtomicKv("a file", async () => {
  const folder = await TempFolder.make();
  const open = (): Promise<Deno.Kv> => Deno.openKv(`${folder.path}/kv.sqlite3`);
  return await worldOn(open, true, async () => await folder[Symbol.asyncDispose]());
});

testAtomicKv("memory", async () => {
  const kv = await Deno.openKv(":memory:");
  return await worldOn(() => Promise.resolve(kv), false, () => Promise.resolve());
});

const denokv = await findDenoKv();

testAtomicKv(
  "denokv",
  denokv === undefined ? null : async () => {
    const folder = await TempFolder.make();
    const server = await startDenoKv(denokv, folder.path);
    return await worldOn(() => Deno.openKv(server.url), false, async () => {
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    });
  },
);
