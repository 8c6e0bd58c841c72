import type { Lease, Status } from "../../src/ports/store.ts";
import type { TokenHead } from "../../src/store/records/record_codec.ts";
import type { StoredValue } from "../../src/store/records/stored_value.ts";
import type { TransparentKeyring } from "./transparent_keyring.ts";
import { cameOf, isPairName, type PairName } from "./pair_name.ts";
import type { KvOperation, KvSet, SharedKv } from "./shared_kv.ts";

/** The value of the key `token` or `spare`. */
export interface PairView {
  readonly login: number;
  readonly gen: number;
  /** `null`: a logout was here. */
  readonly pair: PairName | null;
  /** When it may be cleaned up, Unix milliseconds. */
  readonly keepUntilMs: number | null;
}

/** A lease, with what it is about by name. */
export type LeaseView = Omit<Lease, "fp"> & { readonly about: PairName };

/** A status, with what it is about by name. */
export type StatusView = Pick<Status, "mark" | "errorCode"> & { readonly about: PairName };

/** One record; a key without a value is `undefined`. */
export interface RecordView {
  token?: PairView;
  lease?: LeaseView;
  status?: StatusView;
  spare?: PairView;
}

/** The keys of a record. */
export type SlotName = keyof RecordView;

/** What a write does. A `commit` stores the pair that Feishu issued; a `link` points a record at a newer pair of its chain. */
export type OperationKind =
  | "claim"
  | "hold off"
  | "release"
  | "mark"
  | "commit"
  | "link"
  | "adopt"
  | "file spare"
  | "log out";

/** A write, readable. */
export interface PlainOperation {
  readonly kind: OperationKind;
  /** Name of its record. */
  readonly record: string;
  /** Versions that must still be there; `null`: nothing must be there. */
  readonly checks: ReadonlyMap<SlotName, string | null>;
  readonly sets: RecordView;
  readonly deletes: readonly SlotName[];
}

/** The store's content, readable. */
export class StoreView {
  readonly #kv: SharedKv;
  readonly #keyring: TransparentKeyring;

  /** Of `kv`, whose values were sealed by `keyring`. */
  constructor(kv: SharedKv, keyring: TransparentKeyring) {
    this.#kv = kv;
    this.#keyring = keyring;
  }

  /** One record. */
  record(name: string): RecordView {
    return this.all().get(name) ?? {};
  }

  /** Every record by its name. */
  all(): Map<string, RecordView> {
    const records = new Map<string, RecordView>();
    for (const cell of this.#kv.cells.values()) {
      const name = this.nameOf(cell.key);
      records.set(name, { ...records.get(name), ...this.#slot(cell) });
    }
    return records;
  }

  /** The record that a key belongs to. */
  nameOf(key: Deno.KvKey): string {
    return this.#keyring.nameOf(String(key[3]));
  }

  /** What `operation` is. */
  describe(operation: KvOperation): PlainOperation {
    const keys = [...operation.sets.map(({ key }) => key), ...operation.deletes];
    const [record = "nothing"] = new Set(keys.map((key) => this.nameOf(key)));
    const sets = Object.assign({}, ...operation.sets.map((set) => this.#slot(set)));
    const deletes = operation.deletes.map(slotOf);
    const checks = new Map(
      operation.checks.map(({ key, versionstamp }) => [slotOf(key), versionstamp] as const),
    );
    return { kind: kindOf(record, sets, deletes), record, checks, sets, deletes };
  }

  /** A pair as it is sealed: also what a journal file holds. */
  pair({ head }: Pick<StoredValue, "head">): PairView {
    const { login, gen, fp, keepUntilMs } = this.#keyring.plain(head) as Partial<TokenHead>;
    return {
      login: login ?? 0,
      gen: gen ?? 0,
      pair: fp === undefined ? null : this.#keyring.nameOf(fp),
      keepUntilMs: keepUntilMs ?? null,
    };
  }

  #slot({ key, value }: KvSet): RecordView {
    const stored = value as StoredValue;
    switch (slotOf(key)) {
      case "token":
        return { token: this.pair(stored) };
      case "spare":
        return { spare: this.pair(stored) };
      case "lease": {
        const { fp, ...lease } = this.#keyring.plain(stored.head) as Lease;
        return { lease: { ...lease, about: this.#keyring.nameOf(fp) } };
      }
      case "status": {
        const { fp, mark, errorCode } = this.#keyring.plain(stored.head) as Status;
        return { status: { mark, errorCode, about: this.#keyring.nameOf(fp) } };
      }
    }
  }
}

function slotOf(key: Deno.KvKey): SlotName {
  return key[1] as SlotName;
}

function kindOf(record: string, sets: RecordView, deletes: readonly SlotName[]): OperationKind {
  const { token, lease, status, spare } = sets;
  if (token !== undefined) {
    if (token.pair === null) return "log out";
    if (deletes.includes("spare")) return "adopt";
    return isPairName(record) && !cameOf(token.pair, record) ? "link" : "commit";
  }
  if (lease !== undefined) {
    if (lease.nonce === null) return "release";
    return lease.machine === "nobody" ? "hold off" : "claim";
  }
  if (spare !== undefined) return "file spare";
  // An app's lease is given back by its absence: nothing needs to be remembered of it.
  if (deletes.includes("lease")) return "release";
  if (status !== undefined) return "mark";
  throw new Error(`A write of nothing to ${record}`);
}
