import { eventually } from "./eventually.ts";

/** What one atomic operation is about to do. */
export interface SeenCommit {
  /** Second part of each key it sets: `token`, `lease`, `status`, `schema`, `probe`. */
  readonly slots: readonly string[];
}

/** Decides what becomes of a commit: let through, refused as a conflict, thrown, never answered, or lied about. */
export type CommitFate = "pass" | "conflict" | "throw" | "hang" | "land_and_lie" | "land_and_throw";

/** The real Deno KV of one process, whose commits and reads a test can interfere with, also after it was opened again. */
export class InterceptableKv {
  /** Asked before each commit. */
  onCommit: (commit: SeenCommit) => CommitFate | Promise<CommitFate> = () => "pass";
  /** Asked before each read. */
  onRead: () => "pass" | "throw" = () => "pass";
  /** Awaited when a read has its entries, before the reader gets them. */
  afterRead: (entries: readonly Deno.KvEntryMaybe<unknown>[]) => void | Promise<void> = () => {};
  #kv: Deno.Kv | undefined;
  readonly #calls = new Set<Promise<unknown>>();
  #reads = 0;

  /** The handle that was opened last, with nothing between. */
  get kv(): Deno.Kv {
    if (this.#kv === undefined) throw new Error("The store opened no KV");
    return this.#kv;
  }

  /** What the process uses instead of `real`. Everything passes until a test says otherwise. */
  wrap(real: Deno.Kv): Deno.Kv {
    this.#kv = real;
    return new Proxy(real, {
      get: (target, property): unknown => {
        if (property === "atomic") return () => this.#wrapAtomic(target.atomic());
        if (property === "getMany") {
          return async (keys: Deno.KvKey[], options?: { consistency?: Deno.KvConsistencyLevel }) => {
            if (this.onRead() === "throw") throw new TypeError("disk I/O error");
            const entries = await this.#counted(target.getMany(keys, options));
            await this.afterRead(entries);
            this.#reads++;
            return entries;
          };
        }
        const value = Reflect.get(target, property, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  }

  /**
   * Resolves when `times` more reads have been answered. A renewal that waits for somebody else polls the store: after
   * several reads it has seen what is there, has decided to go on waiting, and has sent nothing to Feishu.
   *
   * @param waiting the call behind that renewal: where it ends, which is what a test is there to notice, so does this.
   */
  async untilRead(times: number, waiting?: Promise<unknown>): Promise<void> {
    const wanted = this.#reads + times;
    let isOver = false;
    const end = (): void => void (isOver = true);
    waiting?.then(end, end);
    await eventually(() => `${times} more reads`, () => isOver || this.#reads >= wanted);
  }

  /** Resolves when no call goes on, also of those that nobody waits for any more. */
  async idle(): Promise<void> {
    while (this.#calls.size > 0) await Promise.all(this.#calls);
  }

  #counted<T>(call: Promise<T>): Promise<T> {
    const ended = call.then(() => {}, () => {}).finally(() => this.#calls.delete(ended));
    this.#calls.add(ended);
    return call;
  }

  #wrapAtomic(real: Deno.AtomicOperation): Deno.AtomicOperation {
    const slots: string[] = [];
    const wrapped = {
      check(...checks: Deno.AtomicCheck[]): unknown {
        real.check(...checks);
        return wrapped;
      },
      set(key: Deno.KvKey, value: unknown, options?: { expireIn?: number }): unknown {
        // The end of a key is noted beside it, in the same write.
        if (key[1] !== "end") slots.push(String(key[1]));
        real.set(key, value, options);
        return wrapped;
      },
      delete(key: Deno.KvKey): unknown {
        real.delete(key);
        return wrapped;
      },
      commit: async (): Promise<Deno.KvCommitResult | Deno.KvCommitError> => {
        switch (await this.onCommit({ slots })) {
          case "pass":
            return await this.#counted(real.commit());
          case "conflict":
            return { ok: false };
          case "throw":
            throw new TypeError("disk I/O error");
          case "hang":
            return await new Promise(() => {});
          case "land_and_lie":
            await real.commit();
            return { ok: false };
          case "land_and_throw":
            await real.commit();
            throw new TypeError("connection reset");
        }
      },
    };
    return wrapped as unknown as Deno.AtomicOperation;
  }
}
