import { defined } from "../defined.ts";
import type { Phrase } from "../errors/language.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Random } from "../ports/random.ts";
import type { Liveness } from "../ports/liveness.ts";
import type { SealedValues, ValueForm } from "../ports/sealed_values.ts";
import type { Fingerprints, Journal, RecordStore } from "../ports/store.ts";
import type { Secret } from "../secret.ts";
import { assertNotLiteral } from "./files/assert_not_literal.ts";
import { adoptStore, type StoreKeys } from "./adopt_store.ts";
import { base64url } from "./files/bytes.ts";
import { findServerKeys } from "./sealing/find_server_keys.ts";
import { JournalFolder } from "./journal/journal_folder.ts";
import { keyedFingerprints } from "./sealing/keyed_fingerprints.ts";
import { appSecretKeyring, type Keyring, serverKeyring } from "./sealing/keyring.ts";
import type { AtomicKv } from "./kv/atomic_kv.ts";
import { DenoKv } from "./kv/deno_kv.ts";
import { type KvDatabase, OneHandle } from "./kv/kv_database.ts";
import { KvFile } from "./kv/kv_file.ts";
import { machineId } from "./journal/machine_id.ts";
import { makeJournalFolder } from "./journal/make_journal_folder.ts";
import { NetworkKv } from "./kv/network_kv.ts";
import { openKvAt, startError } from "./kv/open_kv_at.ts";
import type { PlaceOptions } from "./files/place_options.ts";
import type { StorePlace } from "./files/store_place.ts";
import { ALONE, ProcessLock, removeDeadLocks } from "./journal/process_lock.ts";
import { KvRecordStore } from "./records/kv_record_store.ts";
import { type Replayed, replayJournal } from "./journal/replay_journal.ts";
import { openSchema, readSchema } from "./store_schema.ts";
import type { KeySource } from "./sealing/server_key.ts";
import { KvSealedValues } from "./values/kv_sealed_values.ts";
import { keepSweeping } from "./kv/sweep_ended_keys.ts";
import { wasInUse } from "./journal/was_in_use.ts";

const NOTHING_REPLAYED: Replayed = { written: 0, tooLarge: [] };

/** What {@linkcode openStore} needs. */
export interface StoreOptions {
  /** Where the store is. */
  readonly place: StorePlace;
  /** `FEISHU_TOKEN_KEY`, where set. */
  readonly serverKey?: Secret | undefined;
  /** `Deno.openKv`. */
  readonly openKv: (path?: string) => Promise<Deno.Kv>;
  /** System whose rules for files apply. */
  readonly os: PlaceOptions["os"];
  /** Reads one environment variable. */
  readonly env: PlaceOptions["env"];
  /** Time for everything in the store. */
  readonly clock: Clock;
  /** Keys, nonces, ids and jitter. */
  readonly random: Random;
  /** Told of what was recovered, and of what could not be. */
  readonly log: Log;
  /** Ends the wait for a store that another program keeps locked. */
  readonly signal?: AbortSignal | undefined;
}

/** An open store, and the parts that use the same place and keys. */
export interface OpenStore {
  /** The records, sealed. */
  readonly records: RecordStore;
  /** Journal of this machine; `null` where no disk outlives the process: then memory and retries have to do. */
  readonly journal: Journal | null;
  /** Made with this store's own key. */
  readonly fingerprints: Fingerprints;
  /** Random; one a machine (a journal folder), so that processes know which leases are of their own machine. */
  readonly machine: string;
  /** Random; one a process. */
  readonly process: string;
  /** Tells which other processes of this machine live. */
  readonly liveness: Liveness;
  /** Whether another process of this machine has the store open now. Without a journal none is seen. */
  hasOtherProcesses(): Promise<boolean>;
  /** Where the sealing key comes from. */
  readonly keySource: KeySource;
  /** Why there is no journal where there should be one. */
  readonly journalProblem?: Phrase;
  /** Journal files of pairs that no database takes, as the start found them. */
  readonly tooLargePairs: readonly string[];
  /**
   * Values of one namespace; `null` where every app brings its own key, so that none could be opened without its
   * secret.
   */
  sealedValues<T>(of: ValueForm<T>): SealedValues<T> | null;
  /** Deletes what has ended, until the signal is aborted; `null` where the database does that itself. */
  readonly sweep: ((signal: AbortSignal) => Promise<void>) | null;
  /** Closes the database. */
  close(): void;
}

/**
 * Opens the store: makes missing folders and files (0700, 0600), finds the key, checks the schema, and writes back what
 * a killed process left in the journal. Next to a file that is not a store, or not ours, nothing is made.
 *
 * @throws StartError in one line for whatever is wrong with the place or the key; the reason of `signal` once that has
 * aborted.
 */
export async function openStore(options: StoreOptions): Promise<OpenStore> {
  const { place } = options;
  let database: KvDatabase | undefined;
  try {
    await assertNotLiteral(place, options.os);
    database = await openDatabase(options);
    return await openStoreOn(database, options);
  } catch (error) {
    database?.close();
    if (options.signal?.aborted) throw options.signal.reason;
    throw startError(place, error);
  }
}

async function openDatabase(options: StoreOptions): Promise<KvDatabase> {
  const { place } = options;
  switch (place.kind) {
    case "file":
      return await KvFile.open({ ...options, place });
    case "remote":
      return await NetworkKv.open({ ...options, place });
    case "memory":
    case "platform":
      return new OneHandle(await openKvAt(options));
  }
}

async function openStoreOn(database: KvDatabase, options: StoreOptions): Promise<OpenStore> {
  const { place, os, clock, random, log } = options;
  const kv = new DenoKv({ database, clock, random, log });
  const isOld = await wasInUse(options);
  const own = await findStoreKeys(kv, options);
  if (own.isNew && isOld) {
    log.warn("store empty, though it was in use: restore it, or let the users log in again", {
      place: place.kind === "file" ? place.path : place.kind,
    });
  }
  const keyring = await keyringOf(own, random);
  if (database instanceof KvFile && place.kind === "file") {
    database.adoptBy((handle) => adoptStore(onHandle(handle, options), place.path, own, { os, random }));
  }
  const { folder, problem: journalProblem } = await makeJournalFolder(options);
  const process = base64url(random.bytes(12));
  const machine = folder === null ? process : await machineId(folder, { os, random });
  const lock = folder === null ? null : await takeLock(folder, process);
  const journal = folder === null ? null : new JournalFolder({ folder, os, keyring, clock, random, log });
  const { written, tooLarge } = journal === null
    ? NOTHING_REPLAYED
    : await replayJournal({ journal, kv, keyring, clock, log });
  if (written > 0) {
    log.warn("recovered token pairs that a stopped process had not stored", { pairs: written });
  }
  if (tooLarge.length > 0) {
    log.warn("pairs too large for the store, kept in the journal of this machine alone", {
      files: tooLarge.join(", "),
    });
  }
  log.debug("store open", { place: place.kind, key: own.source, journal: folder !== null });
  return {
    records: new KvRecordStore({ kv, keyring, clock, owner: process }),
    journal,
    fingerprints: keyedFingerprints(keyring),
    machine,
    process,
    liveness: lock ?? ALONE,
    hasOtherProcesses: () => lock === null ? Promise.resolve(false) : lock.hasOthers(),
    keySource: own.source,
    ...defined({ journalProblem }),
    tooLargePairs: tooLarge,
    sealedValues: ({ namespace, encode, decode }) => {
      const keys = keyring.shared;
      if (keys === null) return null;
      return new KvSealedValues({ kv, keys, namespace, encode, decode, clock, random });
    },
    sweep: database.takesEnds ? null : (signal) => keepSweeping({ kv, clock, log }, signal),
    close(): void {
      kv.close();
      lock?.release();
    },
  };
}

async function takeLock(folder: string, process: string): Promise<ProcessLock> {
  const lock = await ProcessLock.take(folder, process);
  await removeDeadLocks(folder, lock);
  return lock;
}

function onHandle(handle: Deno.Kv, { clock, random, log }: StoreOptions): DenoKv {
  return new DenoKv({ database: new OneHandle(handle), clock, random, log });
}

async function findStoreKeys(
  kv: AtomicKv,
  options: StoreOptions,
): Promise<StoreKeys & { readonly isNew: boolean }> {
  const schema = await readSchema(kv);
  const { source, keys } = await findServerKeys({ ...options, madeWith: schema?.names?.kid ?? null });
  const nameKey = await openSchema(kv, keys, options.random);
  return { source, keys, nameKey, isNew: schema === null };
}

async function keyringOf({ source, keys, nameKey }: StoreKeys, random: Random): Promise<Keyring> {
  return keys === null || nameKey === null
    ? appSecretKeyring(random)
    : await serverKeyring(source, keys, nameKey, random);
}
