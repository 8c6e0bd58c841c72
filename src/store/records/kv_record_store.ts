import type { Clock } from "../../ports/clock.ts";
import { isTombstone } from "../../ports/record_order.ts";
import type {
  RecordChange,
  RecordName,
  RecordStore,
  Slot,
  Snapshot,
  Versioned,
  WriteOutcome,
} from "../../ports/store.ts";
import type { Keyring } from "../sealing/keyring.ts";
import { placesOf, probeKey, type RecordPlaces, slotKey } from "./keys.ts";
import type { AtomicKv, KvSet } from "../kv/atomic_kv.ts";
import { MOST_VALUE_BYTES } from "../kv/most_value_bytes.ts";
import { KvSealedChange } from "../values/kv_sealed_change.ts";
import {
  expiryAt,
  keepLeaseUntilMs,
  keepSpareUntilMs,
  keepStatusUntilMs,
  keepTokenUntilMs,
  keepTombstoneUntilMs,
} from "./retention.ts";
import { RecordSealing, type StoredValue } from "./stored_value.ts";
import { sizeOf } from "./size_of.ts";
import { storeUnavailable } from "../files/store_unavailable.ts";

const PROBE_DEADLINE_MS = 3_000;
const PROBE_KEPT_MS = 60_000;

/** In the order in which a snapshot reads them. */
const SLOTS = ["token", "lease", "status", "spare"] as const;

/** One value on its way into the database. */
interface SealedWrite {
  readonly slot: Slot;
  readonly value: StoredValue;
  readonly expires: { readonly expireIn?: number };
}

/** What {@linkcode KvRecordStore} needs. */
export interface KvRecordStoreOptions {
  /** The database. */
  readonly kv: AtomicKv;
  /** Seals and names. */
  readonly keyring: Keyring;
  /** Tells how long a record is kept. */
  readonly clock: Clock;
  /** Names this process in the probe's key. */
  readonly owner: string;
}

/** Records in Deno KV, sealed. */
export class KvRecordStore implements RecordStore {
  readonly #options: KvRecordStoreOptions;

  /** On one KV handle. */
  constructor(options: KvRecordStoreOptions) {
    this.#options = options;
  }

  /** When another database was last taken for the store, by the monotonic clock in milliseconds. */
  get replacedAtMs(): number {
    return this.#options.kv.replacedAtMs;
  }

  /**
   * One strongly consistent snapshot.
   *
   * @throws TokenError `store_unavailable`, or `store_unreadable` for a value that does not open.
   */
  async read(name: RecordName): Promise<Snapshot> {
    const { places, sealing } = await this.#record(name);
    const keys = SLOTS.map((slot) => slotKey(slot, places[slot]));
    const [token, lease, status, spare] = await this.#options.kv.getMany(keys);
    return {
      token: await versioned(token, (value) => sealing.openToken(value)),
      lease: await versioned(lease, (value) => sealing.openLease(value)),
      status: await versioned(status, (value) => sealing.openStatus(value)),
      spare: await versioned(spare, (value) => sealing.openSpare(value)),
    };
  }

  /** One atomic write. Never throws for what the store does. */
  async write(name: RecordName, change: RecordChange): Promise<WriteOutcome> {
    const { places, sealing } = await this.#record(name);
    const writes = await this.#seal(name, change.set, sealing);
    const bytes = Math.max(0, ...writes.map(({ value }) => sizeOf(value)));
    if (bytes > MOST_VALUE_BYTES) return { kind: "too large", bytes };
    const key = (slot: Slot): Deno.KvKey => slotKey(slot, places[slot]);
    const carried = KvSealedChange.allOf(change.also ?? []);
    return await this.#options.kv.commit({
      checks: [
        ...Object.entries(change.check).map(([slot, versionstamp]) => ({
          key: key(slot as Slot),
          versionstamp: versionstamp ?? null,
        })),
        ...carried.flatMap(({ checks }) => checks),
      ],
      sets: [
        ...writes.map(({ slot, value, expires }): KvSet => ({ key: key(slot), value, ...expires })),
        ...carried.flatMap(({ sets }) => sets),
      ],
      deletes: [...(change.remove ?? []).map(key), ...carried.flatMap(({ deletes }) => deletes)],
      deadlineMs: change.deadlineMs,
    });
  }

  /**
   * Writes a value of its own and reads it.
   *
   * @throws TokenError `store_unavailable` when that fails.
   */
  async probe(): Promise<void> {
    const { kv, owner, clock } = this.#options;
    const key = probeKey(owner);
    const outcome = await kv.commit({
      sets: [{ key, value: clock.now(), expireIn: PROBE_KEPT_MS }],
      deadlineMs: PROBE_DEADLINE_MS,
    });
    if (outcome.kind !== "ok") {
      // A read that fails too says why.
      await kv.getMany([key]);
      throw storeUnavailable({ en: "a probe was not written", zh: "探测值未能写入" });
    }
    const [entry] = await kv.getMany([key]);
    // Versions only grow. A later one is that of another probe of this process: it was written after ours.
    if ((entry?.versionstamp ?? "") < outcome.version) {
      throw storeUnavailable({ en: "a probe was not found again", zh: "写入的探测值未能读回" });
    }
  }

  async #seal(
    name: RecordName,
    { token, lease, status, spare }: RecordChange["set"],
    sealing: RecordSealing,
  ): Promise<SealedWrite[]> {
    const now = this.#options.clock.now();
    const writes: SealedWrite[] = [];
    const add = (slot: Slot, value: StoredValue, untilMs: number | null): void => {
      writes.push({ slot, value, expires: expiryAt(untilMs, now) });
    };
    if (token !== undefined && isTombstone(token)) {
      add("token", await sealing.seal("token", token), keepTombstoneUntilMs(name, now));
    } else if (token !== undefined) {
      const untilMs = keepTokenUntilMs(name, token, now);
      add("token", await sealing.sealToken(token, untilMs), untilMs);
    }
    if (lease !== undefined) {
      add("lease", await sealing.seal("lease", lease), keepLeaseUntilMs(name, lease, now));
    }
    if (status !== undefined) {
      add("status", await sealing.seal("status", status), keepStatusUntilMs(name, status, now));
    }
    if (spare !== undefined) {
      add("spare", await sealing.sealToken(spare, null, "spare"), keepSpareUntilMs(name, now));
    }
    return writes;
  }

  async #record(name: RecordName): Promise<{ places: RecordPlaces; sealing: RecordSealing }> {
    const keys = await this.#options.keyring.keysFor(name.credentials);
    const places = await placesOf(name, keys);
    return { places, sealing: new RecordSealing(name, keys, places) };
  }
}

async function versioned<T>(
  entry: Deno.KvEntryMaybe<unknown> | undefined,
  open: (value: unknown) => Promise<T>,
): Promise<Versioned<T>> {
  if (entry === undefined) throw storeUnavailable({ en: "an incomplete answer", zh: "返回不完整" });
  // A key is absent if it has no version. A key whose value is null is present, and damaged.
  if (entry.versionstamp === null) return { value: null, version: null };
  return { value: await open(entry.value), version: entry.versionstamp };
}
