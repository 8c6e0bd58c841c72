import type {
  Lease,
  RecordChange,
  RecordName,
  RecordStore,
  Snapshot,
  WriteOutcome,
} from "../../src/ports/store.ts";
import type { PairName } from "./pair_name.ts";

/** What the store has last told a process about a record. */
export interface KnownRecord {
  /** The pair stored; `null` where there is none. */
  readonly pair: PairName | null;
  readonly lease: Lease | null;
  readonly leaseVersion: string | null;
  /** Since when this version of the lease is known, milliseconds of virtual time. */
  readonly leaseSinceMs: number;
  /** The last lease of its own that it was shown; the store may have lost it since. */
  readonly ownLease: Lease | null;
}

/**
 * What the store has told one process, recorded at the port. The process's own memory is not read: whether it remembers
 * that is what invariants test.
 */
export class Knowledge implements RecordStore {
  /** By record. */
  readonly records = new Map<string, KnownRecord>();
  /** A walk has one database, which stays the same when it goes back. */
  readonly replacedAtMs: number = -Infinity;
  readonly #owner: string;
  readonly #store: RecordStore;
  readonly #elapsedMs: () => number;

  /** Of the process `owner`, which reaches its records through this. */
  constructor(owner: string, store: RecordStore, elapsedMs: () => number) {
    this.#owner = owner;
    this.#store = store;
    this.#elapsedMs = elapsedMs;
  }

  async read(name: RecordName): Promise<Snapshot> {
    const snapshot = await this.#store.read(name);
    const { token, lease } = snapshot;
    const record = recordNameOf(name);
    this.#learn(record, { pair: pairOf(token.value), lease: lease.value, leaseVersion: lease.version });
    return snapshot;
  }

  async write(name: RecordName, change: RecordChange): Promise<WriteOutcome> {
    const outcome = await this.#store.write(name, change);
    if (outcome.kind !== "ok") return outcome;
    const { token, lease } = change.set;
    const record = recordNameOf(name);
    const known = this.records.get(record);
    this.#learn(record, {
      pair: token === undefined ? known?.pair ?? null : pairOf(token),
      lease: lease ?? known?.lease ?? null,
      leaseVersion: lease === undefined ? known?.leaseVersion ?? null : outcome.version,
    });
    return outcome;
  }

  probe(): Promise<void> {
    return this.#store.probe();
  }

  #learn(record: string, learned: Pick<KnownRecord, "pair" | "lease" | "leaseVersion">): void {
    const known = this.records.get(record);
    const isOwn = learned.lease?.process === this.#owner;
    const leaseSinceMs = known?.leaseVersion === learned.leaseVersion
      ? known.leaseSinceMs
      : this.#elapsedMs();
    const ownLease = isOwn ? learned.lease : known?.ownLease ?? null;
    this.records.set(record, { ...learned, leaseSinceMs, ownLease });
  }
}

/** What traces call a record. */
export function recordNameOf({ kind, presented, ...rest }: RecordName): string {
  if (kind === "app") return "app";
  return presented?.reveal() ?? ("user" in rest ? String(rest.user) : kind);
}

function pairOf(token: Snapshot["token"]["value"]): PairName | null {
  if (token === null || !("token" in token)) return null;
  return token.token.refreshToken?.reveal() ?? token.token.accessToken.reveal();
}
