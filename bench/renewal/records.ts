import { realPlatform } from "../../src/platform.ts";
import type { AppCredentials } from "../../src/ports/feishu.ts";
import type { RecordName, TokenRecord } from "../../src/ports/store.ts";
import { Secret } from "../../src/secret.ts";
import { DenoKv } from "../../src/store/kv/deno_kv.ts";
import { type KvDatabase, OneHandle } from "../../src/store/kv/kv_database.ts";
import { KvFile } from "../../src/store/kv/kv_file.ts";
import { type Keyring, serverKeyring } from "../../src/store/sealing/keyring.ts";
import { placesOf, slotKey } from "../../src/store/records/keys.ts";
import { KvRecordStore } from "../../src/store/records/kv_record_store.ts";
import { RecordSealing } from "../../src/store/records/stored_value.ts";
import { SILENT_LOG } from "./silent_log.ts";
import { median } from "../median.ts";
import { type FreshStore, freshStore, type StoreKind } from "./fresh_store.ts";
import { percentile } from "./waits.ts";

/** A commit takes 800 KiB; a record of this size with its key has a little over 3. */
const RECORDS_A_COMMIT = 200;
/** As long as those that Feishu's newest endpoints issue. */
const TOKEN_CHARACTERS = 1_200;
const YEAR_MS = 365 * 24 * 3_600_000;

const CREDENTIALS: AppCredentials = {
  brand: "feishu",
  appId: "cli_sandbox000000001",
  appSecret: new Secret("sandboxSecretThatOpensNothing001"),
};

/** How many records, and how they are read. */
export interface RecordsOptions {
  /** In the large store. */
  readonly records: number;
  /** Of each store in each round. */
  readonly reads: number;
  readonly rounds: number;
}

/** The rounds, in medians. */
export interface RecordsFigures {
  /** Of one read where there is one record, in milliseconds. */
  readonly oneMs: number;
  /** Of one read where there are many. */
  readonly manyMs: number;
  /** Of the two in one round. */
  readonly ratio: number;
}

/** Reads records of caller-held tokens in a store with one and in a store with many, read by read in turns. */
export async function measureRecords(kind: StoreKind, options: RecordsOptions): Promise<RecordsFigures> {
  await using one = await FilledStore.open(kind, 1);
  await using many = await FilledStore.open(kind, options.records);
  const rounds: { oneMs: number; manyMs: number }[] = [];
  // The first round is the warm-up.
  for (let round = 0; round <= options.rounds; round++) {
    const tookMs = { one: [] as number[], many: [] as number[] };
    for (let read = 0; read < options.reads; read++) {
      tookMs.one.push(await one.read());
      tookMs.many.push(await many.read());
    }
    if (round > 0) rounds.push({ oneMs: percentile(tookMs.one, 0.5), manyMs: percentile(tookMs.many, 0.5) });
  }
  return {
    oneMs: median(rounds.map(({ oneMs }) => oneMs)),
    manyMs: median(rounds.map(({ manyMs }) => manyMs)),
    ratio: median(rounds.map(({ oneMs, manyMs }) => manyMs / oneMs)),
  };
}

/** A store with so many records, and the product's own code on it. */
class FilledStore implements AsyncDisposable {
  readonly #place: FreshStore;
  readonly #database: KvDatabase;
  readonly #records: KvRecordStore;
  readonly #count: number;

  private constructor(place: FreshStore, database: KvDatabase, records: KvRecordStore, count: number) {
    this.#place = place;
    this.#database = database;
    this.#records = records;
    this.#count = count;
  }

  static async open(kind: StoreKind, count: number): Promise<FilledStore> {
    const { clock, random } = realPlatform();
    const place = await freshStore(kind);
    const database = await opened(place.kv, kind);
    const key = { id: "k1", bytes: random.bytes(32) };
    const keyring = await serverKeyring("environment", [key], random.bytes(32), random);
    await database.use((kv) => fill(kv, keyring, count));
    const kv = new DenoKv({ database, clock, random, log: SILENT_LOG });
    const records = new KvRecordStore({ kv, keyring, clock, owner: "bench" });
    return new FilledStore(place, database, records, count);
  }

  /** Reads a record by chance; how long that took, in milliseconds. */
  async read(): Promise<number> {
    const name = nameOf(Math.floor(Math.random() * this.#count));
    const startedMs = performance.now();
    const { token } = await this.#records.read(name);
    const tookMs = performance.now() - startedMs;
    if (token.value === null) throw new Error("A record is missing");
    return tookMs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#database.close();
    await this.#place[Symbol.asyncDispose]();
  }
}

/** As the server opens it: the path of a file is checked before each read. */
async function opened(kv: string, kind: StoreKind): Promise<KvDatabase> {
  if (kind !== "file") return new OneHandle(await Deno.openKv(kv));
  const { clock, random, openKv, os } = realPlatform();
  return await KvFile.open({ place: { kind, path: kv }, clock, random, openKv, os, log: SILENT_LOG });
}

/** Writes what the store would write, many records a commit. */
async function fill(kv: Deno.Kv, keyring: Keyring, count: number): Promise<void> {
  const keys = await keyring.keysFor(CREDENTIALS);
  for (let first = 0; first < count; first += RECORDS_A_COMMIT) {
    const size = Math.min(RECORDS_A_COMMIT, count - first);
    const entries = await Promise.all(Array.from({ length: size }, async (_, offset) => {
      const name = nameOf(first + offset);
      const places = await placesOf(name, keys);
      const record = recordOf(first + offset);
      const value = await new RecordSealing(name, keys, places).sealToken(record, record.token.expiresAtMs);
      return { key: slotKey("token", places.token), value };
    }));
    const operation = kv.atomic();
    for (const { key, value } of entries) operation.set(key, value);
    await operation.commit();
  }
}

function nameOf(index: number): RecordName {
  return { kind: "caller", credentials: CREDENTIALS, presented: new Secret(tokenText("presented", index)) };
}

function recordOf(index: number): TokenRecord {
  const expiresAtMs = Date.now() + YEAR_MS;
  return {
    login: 0,
    gen: 1,
    fp: `${index}`.padStart(22, "f"),
    secretFp: "s".repeat(22),
    endpoint: "v2",
    token: {
      accessToken: new Secret(tokenText("access", index)),
      expiresAtMs,
      lifetimeMs: 7_200_000,
      tokenType: "Bearer",
      refreshToken: new Secret(tokenText("refresh", index)),
      refreshExpiresAtMs: expiresAtMs,
      scope: "auth:user.id:read offline_access",
    },
  };
}

function tokenText(what: string, index: number): string {
  return `${what}-${index}-`.padEnd(TOKEN_CHARACTERS, "x");
}
