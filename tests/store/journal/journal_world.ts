import { JournalFolder } from "../../../src/store/journal/journal_folder.ts";
import type { Keyring } from "../../../src/store/sealing/keyring.ts";
import { DenoKv } from "../../../src/store/kv/deno_kv.ts";
import { OneHandle } from "../../../src/store/kv/kv_database.ts";
import { KvRecordStore } from "../../../src/store/records/kv_record_store.ts";
import { replayJournal } from "../../../src/store/journal/replay_journal.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { RecordingLog } from "../../support/recording_log.ts";
import { TempFolder } from "../../support/temp_folder.ts";
import { TEST_RANDOM } from "../../support/test_random.ts";
import { FaultyKv } from "../kv/faulty_kv.ts";
import { testKeyring } from "../test_keys.ts";

/** A journal in a temporary folder beside a store in memory. */
export class JournalWorld implements AsyncDisposable {
  /** Starts now: the files that a test makes have the operating system's time. */
  readonly clock = new ManualClock(Date.now());
  readonly log = new RecordingLog();
  readonly folder: string;
  readonly faulty: FaultyKv;
  readonly #temp: TempFolder;

  private constructor(temp: TempFolder, kv: Deno.Kv) {
    this.#temp = temp;
    this.folder = temp.path;
    this.faulty = new FaultyKv(kv);
  }

  static async make(): Promise<JournalWorld> {
    return new JournalWorld(await TempFolder.make(), await Deno.openKv(":memory:"));
  }

  /** The journal, as a process with these keys sees it. */
  async journal(keyring?: Keyring): Promise<JournalFolder> {
    const { folder, clock, log } = this;
    const keys = keyring ?? await testKeyring();
    return new JournalFolder({ folder, os: Deno.build.os, keyring: keys, clock, random: TEST_RANDOM, log });
  }

  /** The store, as a process with these keys sees it. */
  async records(keyring?: Keyring): Promise<KvRecordStore> {
    const { clock } = this;
    return new KvRecordStore({
      kv: this.#kv(),
      keyring: keyring ?? await testKeyring(),
      clock,
      owner: "process-1",
    });
  }

  /** What a start with these keys does about the journal. */
  async replay(keyring?: Keyring): Promise<number> {
    const { clock, log } = this;
    const keys = keyring ?? await testKeyring();
    const journal = await this.journal(keys);
    const replayed = await replayJournal({ journal, kv: this.#kv(), keyring: keys, clock, log });
    return replayed.written;
  }

  /** Names of the files in the folder. */
  async names(): Promise<string[]> {
    return (await Array.fromAsync(Deno.readDir(this.folder), ({ name }) => name)).sort();
  }

  /** Path of the only file in the folder. */
  async onlyFile(): Promise<string> {
    const [name, ...more] = await this.names();
    if (name === undefined || more.length > 0) throw new Error(`${more.length} files more than one`);
    return `${this.folder}/${name}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.faulty.kv.close();
    await this.#temp[Symbol.asyncDispose]();
  }

  #kv(): DenoKv {
    const { clock, log } = this;
    return new DenoKv({ database: new OneHandle(this.faulty.kv), clock, random: TEST_RANDOM, log });
  }
}
