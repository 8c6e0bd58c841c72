/**
 * What befalls one call: SQLite's refusal while another process writes, any other failure, no answer at all, or none
 * although it was done. `stall` keeps a commit back until {@linkcode FaultyKv.resume}.
 */
export type KvFault = "locked" | "broken" | "hang" | "land_and_hang" | "stall";

/** A real Deno KV whose next reads and commits go wrong as a test says. */
export class FaultyKv {
  readonly kv: Deno.Kv;
  /** Consumed one a call; after that everything works. */
  readonly reads: KvFault[] = [];
  /** Consumed one a call; after that everything works. */
  readonly commits: KvFault[] = [];
  /** How many reads and commits were tried. */
  calls = 0;
  readonly #stalled = Promise.withResolvers<void>();
  readonly #reached = Promise.withResolvers<void>();
  readonly #landed = Promise.withResolvers<void>();

  constructor(real: Deno.Kv) {
    this.kv = new Proxy(real, {
      get: (target, property): unknown => {
        if (property === "getMany") {
          return (keys: Deno.KvKey[], options: { consistency?: Deno.KvConsistencyLevel }) =>
            this.#run(this.reads, () => target.getMany(keys, options));
        }
        if (property === "atomic") return () => this.#atomic(target.atomic());
        const value = Reflect.get(target, property, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  }

  /** Resolves when the database has done what nobody was told of: a `land_and_hang`, a resumed `stall`. */
  get landed(): Promise<void> {
    return this.#landed.promise;
  }

  /** Resolves when a call stalls. */
  get reached(): Promise<void> {
    return this.#reached.promise;
  }

  /** Lets the stalled call go on. */
  resume(): void {
    this.#stalled.resolve();
  }

  #atomic(real: Deno.AtomicOperation): Deno.AtomicOperation {
    const commit = (): Promise<unknown> => this.#run(this.commits, () => real.commit());
    return new Proxy(real, {
      get: (target, property, receiver): unknown => {
        if (property === "commit") return commit;
        const value = Reflect.get(target, property, target);
        if (typeof value !== "function") return value;
        return (...args: unknown[]): unknown => {
          value.apply(target, args);
          return receiver;
        };
      },
    });
  }

  async #run<T>(faults: KvFault[], call: () => Promise<T>): Promise<T> {
    this.calls++;
    switch (faults.shift()) {
      case "locked":
        throw new TypeError("database is locked");
      case "broken":
        throw new TypeError("disk I/O error");
      case "hang":
        return await new Promise(() => {});
      case "land_and_hang":
        await call().finally(() => this.#landed.resolve());
        return await new Promise(() => {});
      case "stall":
        this.#reached.resolve();
        await this.#stalled.promise;
        return await call().finally(() => this.#landed.resolve());
      case undefined:
        return await call();
    }
  }
}
