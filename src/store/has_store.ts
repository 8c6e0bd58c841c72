import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Random } from "../ports/random.ts";
import { DenoKv } from "./kv/deno_kv.ts";
import { OneHandle } from "./kv/kv_database.ts";
import { openKvAt, startError } from "./kv/open_kv_at.ts";
import type { StorePlace } from "./files/store_place.ts";
import { readSchema } from "./store_schema.ts";

/**
 * Whether a start has already made a store in the database at `place`. Writes nothing.
 *
 * @throws StartError in one line when the database cannot be opened or read, or holds the store of a newer version.
 */
export async function hasStore(options: HasStoreOptions): Promise<boolean> {
  const { place, clock, random, log } = options;
  try {
    const database = new OneHandle(await openKvAt(options));
    try {
      return await readSchema(new DenoKv({ database, clock, random, log })) !== null;
    } finally {
      database.close();
    }
  } catch (error) {
    throw startError(place, error);
  }
}

/** What {@linkcode hasStore} needs. */
export interface HasStoreOptions {
  /** The platform's database, or one on the network. */
  readonly place: StorePlace;
  /** `Deno.openKv`. */
  readonly openKv: (path?: string) => Promise<Deno.Kv>;
  /** Bounds the waits. */
  readonly clock: Clock;
  /** Jitter. */
  readonly random: Random;
  /** Told of calls that fail. */
  readonly log: Log;
}
