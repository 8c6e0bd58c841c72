/** One write to the database, as the code under test asked for it. */
export interface KvOperation {
  readonly checks: readonly { readonly key: Deno.KvKey; readonly versionstamp: string | null }[];
  readonly sets: readonly KvSet[];
  readonly deletes: readonly Deno.KvKey[];
}

/** One key to write. */
export interface KvSet {
  readonly key: Deno.KvKey;
  readonly value: unknown;
  /** When KV may clean it up, in milliseconds of virtual time. */
  readonly endsMs: number | null;
}

/** A key and its value. */
export interface Cell extends KvSet {
  /** As the processes see it. */
  readonly version: string;
  /** As the database knows it. */
  readonly real: string;
}

/** A copy of the database, to be put back. */
export type Backup = ReadonlyMap<string, Cell>;

/** A version that no key ever has. */
const NEVER = "f".repeat(20);

/**
 * One real `:memory:` database for all processes of a world. Versions are numbered anew in each world, for readable
 * traces, and come back with a {@linkcode SharedKv.restore}, as they do when a database's file is put back: the hardest
 * case. Time to live is virtual.
 */
export class SharedKv {
  readonly #kv: Deno.Kv;
  #cells = new Map<string, Cell>();
  #commits = 0;

  /** On an empty database. */
  constructor(kv: Deno.Kv) {
    this.#kv = kv;
  }

  /** The database's content. */
  get cells(): ReadonlyMap<string, Cell> {
    return this.#cells;
  }

  /** Counts the writes that took effect. */
  get version(): number {
    return this.#commits;
  }

  /** As the next write's predecessor has it. */
  get currentVersion(): string {
    return versionOf(this.#commits);
  }

  /** One snapshot. */
  async read(keys: readonly Deno.KvKey[]): Promise<Deno.KvEntryMaybe<unknown>[]> {
    const entries = await this.#kv.getMany<unknown[]>([...keys]);
    return entries.map((entry) => {
      const cell = this.#cells.get(entry.key.join("/"));
      if (entry.versionstamp === null || cell === undefined) {
        return { key: entry.key, value: null, versionstamp: null };
      }
      return { ...entry, versionstamp: cell.version };
    });
  }

  /** Every key under `prefix`, in the order of the keys. */
  list(prefix: Deno.KvKey): Deno.KvEntry<unknown>[] {
    const isThere = ({ key }: Cell): boolean => prefix.every((part, place) => key[place] === part);
    return [...this.#cells.values()].filter(isThere)
      .map(({ key, value, version }) => ({ key, value, versionstamp: version }))
      .toSorted((a, b) => a.key.join("/") < b.key.join("/") ? -1 : 1);
  }

  /** One atomic write. */
  async commit(operation: KvOperation): Promise<Deno.KvCommitResult | Deno.KvCommitError> {
    const atomic = this.#kv.atomic();
    for (const { key, versionstamp } of operation.checks) {
      const cell = this.#cells.get(key.join("/"));
      const isThere = (cell?.version ?? null) === versionstamp;
      atomic.check({ key, versionstamp: isThere ? cell?.real ?? null : NEVER });
    }
    for (const { key, value } of operation.sets) atomic.set(key, value);
    for (const key of operation.deletes) atomic.delete(key);
    const result = await atomic.commit();
    if (!result.ok) return result;
    this.#commits++;
    const version = versionOf(this.#commits);
    for (const set of operation.sets) {
      this.#cells.set(set.key.join("/"), { ...set, version, real: result.versionstamp });
    }
    for (const key of operation.deletes) this.#cells.delete(key.join("/"));
    return { ok: true, versionstamp: version };
  }

  /** A copy to be put back later. */
  backup(): Backup {
    return new Map(this.#cells);
  }

  /** Puts a copy back, old versions included; an empty one deletes everything. */
  async restore(backup: Backup): Promise<void> {
    const atomic = this.#kv.atomic();
    for (const { key } of this.#cells.values()) atomic.delete(key);
    for (const { key, value } of backup.values()) atomic.set(key, value);
    const result = await atomic.commit();
    if (!result.ok) throw new Error("An atomic without checks cannot fail");
    this.#cells = new Map(
      [...backup].map(([text, cell]) => [text, { ...cell, real: result.versionstamp }]),
    );
  }

  /** Deletes the keys whose end has come by `elapsedMs`. */
  async sweep(elapsedMs: number): Promise<void> {
    await this.restore(
      new Map([...this.#cells].filter(([, { endsMs }]) => endsMs === null || endsMs > elapsedMs)),
    );
  }
}

function versionOf(commits: number): string {
  return String(commits).padStart(20, "0");
}
