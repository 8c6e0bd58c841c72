import type { Lease, LoginClaims, Status } from "../../src/ports/store.ts";
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
  /** Of the authorization, where Feishu tells. */
  readonly auth?: LoginClaims;
}

/** One sealed value: of a login, of the index of grants, … */
export interface ValueView {
  /** For instance `login`. */
  readonly namespace: string;
  /** For traces: `login d1`, `index of ann`, `gate`. */
  readonly name: string;
  /** `null`: it is removed. */
  readonly value: unknown;
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
  | "log out"
  | "park"
  | "index"
  | "note";

/** A write, readable. */
export interface PlainOperation {
  readonly kind: OperationKind;
  /** Name of its record. */
  readonly record: string;
  /** Versions that must still be there; `null`: nothing must be there. */
  readonly checks: ReadonlyMap<SlotName, string | null>;
  readonly sets: RecordView;
  readonly deletes: readonly SlotName[];
  /** Sealed values that it writes or removes. */
  readonly values: readonly ValueView[];
}

/** The store's content, readable. */
export class StoreView {
  readonly #kv: SharedKv;
  readonly #keyring: TransparentKeyring;
  /** By the handle of a login, its code. */
  readonly #logins = new Map<string, string>();

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
      if (isValue(cell.key)) continue;
      const name = this.nameOf(cell.key);
      records.set(name, { ...records.get(name), ...this.#slot(cell) });
    }
    return records;
  }

  /** Every sealed value of a namespace. */
  values(namespace: string): ValueView[] {
    return [...this.#kv.cells.values()].filter(({ key }) => isValue(key) && key[2] === namespace)
      .map((cell) => this.#value(cell));
  }

  /** The record that a key belongs to, or what traces call a sealed value. */
  nameOf(key: Deno.KvKey): string {
    const name = this.#keyring.nameOf(String(key[3]));
    return isValue(key) ? valueNameOf(String(key[2]), this.#logins.get(name) ?? name) : name;
  }

  /** What `operation` is. */
  describe(operation: KvOperation): PlainOperation {
    const ofRecord = operation.sets.filter(({ key }) => !isValue(key));
    const values = [
      ...operation.sets.filter(({ key }) => isValue(key)).map((set) => this.#value(set)),
      ...operation.deletes.filter(isValue).map((key): ValueView => ({
        namespace: String(key[2]),
        name: this.nameOf(key),
        value: null,
      })),
    ];
    const touched = [...ofRecord.map(({ key }) => key), ...operation.deletes.filter((key) => !isValue(key))];
    const checked = operation.checks.map(({ key }) => key).filter((key) => !isValue(key));
    const [record = values[0]?.name ?? "nothing"] = [...touched, ...checked].map((key) => this.nameOf(key));
    const sets = Object.assign({}, ...ofRecord.map((set) => this.#slot(set)));
    const deletes = operation.deletes.filter((key) => !isValue(key)).map(slotOf);
    const checks = new Map(
      operation.checks.filter(({ key }) => !isValue(key))
        .map(({ key, versionstamp }) => [slotOf(key), versionstamp] as const),
    );
    const kind = touched.length === 0 ? kindOfValues(values, checked) : kindOf(record, sets, deletes);
    return { kind, record, checks, sets, deletes, values };
  }

  /** A pair as it is sealed: also what a journal file holds. */
  pair({ head }: Pick<StoredValue, "head">): PairView {
    const { login, gen, fp, keepUntilMs, auth } = this.#keyring.plain(head) as Partial<TokenHead>;
    return {
      ...(auth === undefined ? {} : { auth }),
      login: login ?? 0,
      gen: gen ?? 0,
      pair: fp === undefined ? null : this.#keyring.nameOf(fp),
      keepUntilMs: keepUntilMs ?? null,
    };
  }

  #value({ key, value }: Pick<KvSet, "key" | "value">): ValueView {
    const { sealed } = value as { readonly sealed: Uint8Array };
    const content = this.#keyring.plain(sealed) as { readonly name: string; readonly value?: unknown };
    const { presented } = (content.value ?? {}) as { readonly presented?: string };
    if (presented !== undefined) this.#logins.set(content.name, presented);
    return { namespace: String(key[2]), name: this.nameOf(key), value: content.value ?? null };
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

function isValue(key: Deno.KvKey): boolean {
  return key[1] === "value";
}

function valueNameOf(namespace: string, name: string): string {
  switch (namespace) {
    case "login":
      return `login ${name}`;
    case "grant": {
      const parts: unknown = JSON.parse(name);
      return `index of ${Array.isArray(parts) ? String(parts[2]) : name}`;
    }
    default:
      return namespace;
  }
}

function kindOfValues(values: readonly ValueView[], checked: readonly Deno.KvKey[]): OperationKind {
  if (checked.length === 0) return "note";
  return values.some(({ namespace }) => namespace === "login") ? "park" : "index";
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
