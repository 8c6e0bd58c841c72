import { OverdueCalls } from "./overdue_calls.ts";

/** The database behind the store. The handle that reaches it may be replaced. */
export interface KvDatabase {
  /**
   * Does `work` with the present handle. After `untilMs` of the monotonic clock nobody waits for `work` any more, so it
   * is not begun.
   *
   * @throws TokenError `store_unavailable` when there is no handle; else what `work` throws.
   */
  use<T>(work: (kv: Deno.Kv) => Promise<T>, untilMs?: number): Promise<T>;
  /** Whether so many calls are overdue that another one would only join them. */
  readonly isStuck: boolean;
  /** `call` has met its deadline: it goes on, and nobody waits for it any more. */
  gaveUp(call: Promise<unknown>): void;
  /** Whether another process that opens the store now finds what `kv` writes. */
  isCurrent(kv: Deno.Kv): Promise<boolean>;
  /**
   * When another database was last found in the place of the one that was open, by the monotonic clock in milliseconds;
   * `-Infinity` if never. What the old one held since its copy was made is lost, leases too.
   */
  readonly replacedAtMs: number;
  /** Whether the database may be told when a key ends. */
  readonly takesEnds: boolean;
  /** Closes every handle. */
  close(): void;
}

/** A database that one handle reaches for good: in memory, or the platform's. */
export class OneHandle implements KvDatabase {
  readonly replacedAtMs: number = -Infinity;
  readonly takesEnds: boolean = true;
  readonly #kv: Deno.Kv;
  readonly #overdue = new OverdueCalls();

  /** Of an open handle, which is the database's to close. */
  constructor(kv: Deno.Kv) {
    this.#kv = kv;
  }

  /** Does `work` with the handle. */
  use<T>(work: (kv: Deno.Kv) => Promise<T>): Promise<T> {
    return work(this.#kv);
  }

  /** With 32 calls overdue. */
  get isStuck(): boolean {
    return this.#overdue.areTooMany;
  }

  /** Counts it until it ends. */
  gaveUp(call: Promise<unknown>): void {
    this.#overdue.add(call);
  }

  /** Always. */
  isCurrent(): Promise<boolean> {
    return Promise.resolve(true);
  }

  /** Closes the handle. */
  close(): void {
    this.#kv.close();
  }
}
