import type { AtomicWrite, KvSet } from "./atomic_kv.ts";
import { endKey } from "./end_key.ts";

/**
 * `write` with the end of each key, if it has one, noted under a key of its own instead of told to the database. Deno
 * deletes expired keys of a local file on a thread of its own, and ends the whole process where the disk is full (Deno
 * 2.9.6: "KV collect expired failed"); the pairs that only memory holds would be lost with it. {@linkcode sweepEndedKeys}
 * deletes what has ended.
 *
 * @param nowMs Unix milliseconds.
 */
export function noteEnds({ sets = [], deletes = [], ...rest }: AtomicWrite, nowMs: number): AtomicWrite {
  const ends = sets.filter(({ expireIn }) => expireIn !== undefined);
  const endless = sets.filter(({ expireIn }) => expireIn === undefined);
  return {
    ...rest,
    sets: [
      ...sets.map(({ key, value }): KvSet => ({ key, value })),
      ...ends.map(({ key, expireIn = 0 }): KvSet => ({ key: endKey(key), value: nowMs + expireIn })),
    ],
    deletes: [...deletes, ...[...deletes, ...endless.map(({ key }) => key)].map(endKey)],
  };
}
