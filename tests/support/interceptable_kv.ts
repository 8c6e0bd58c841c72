/** What one atomic operation is about to do. */
export interface SeenCommit {
  /** Second part of each key it sets: `token`, `lease`, `status`, `schema`, `probe`. */
  readonly slots: readonly string[];
}

/** Decides what becomes of a commit: let through, refused as a conflict, thrown, never answered, or lied about. */
export type CommitFate = "pass" | "conflict" | "throw" | "hang" | "land_and_lie" | "land_and_throw";

/** A real Deno KV whose commits and reads a test can interfere with. */
export interface InterceptableKv {
  readonly kv: Deno.Kv;
  /** Asked before each commit. */
  onCommit: (commit: SeenCommit) => CommitFate | Promise<CommitFate>;
  /** Asked before each read. */
  onRead: () => "pass" | "throw";
  /** Awaited when a read has its entries, before whoever asked gets them. */
  afterRead: (entries: readonly Deno.KvEntryMaybe<unknown>[]) => void | Promise<void>;
  /** Resolves when no call goes on, also of those that nobody waits for any more. */
  idle(): Promise<void>;
}

/** Wraps `real`. Everything passes until a test says otherwise. */
export function interceptableKv(real: Deno.Kv): InterceptableKv {
  const seam: Pick<InterceptableKv, "onCommit" | "onRead" | "afterRead"> = {
    onCommit: () => "pass",
    onRead: () => "pass",
    afterRead: () => {},
  };
  const calls = new Set<Promise<unknown>>();
  const counted = <T>(call: Promise<T>): Promise<T> => {
    const ended = call.then(() => {}, () => {}).finally(() => calls.delete(ended));
    calls.add(ended);
    return call;
  };
  const kv = new Proxy(real, {
    get(target, property): unknown {
      if (property === "atomic") return () => wrapAtomic(target.atomic(), seam, counted);
      if (property === "getMany") {
        return async (keys: Deno.KvKey[], options?: { consistency?: Deno.KvConsistencyLevel }) => {
          if (seam.onRead() === "throw") throw new TypeError("disk I/O error");
          const entries = await counted(target.getMany(keys, options));
          await seam.afterRead(entries);
          return entries;
        };
      }
      const value = Reflect.get(target, property, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const idle = async (): Promise<void> => {
    while (calls.size > 0) await Promise.all(calls);
  };
  return Object.assign(seam, { kv, idle });
}

function wrapAtomic(
  real: Deno.AtomicOperation,
  seam: Pick<InterceptableKv, "onCommit">,
  counted: <T>(call: Promise<T>) => Promise<T>,
): Deno.AtomicOperation {
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
    async commit(): Promise<Deno.KvCommitResult | Deno.KvCommitError> {
      switch (await seam.onCommit({ slots })) {
        case "pass":
          return await counted(real.commit());
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
