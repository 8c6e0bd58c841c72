import { KEY_ROOT } from "./key_root.ts";

/** Every key under which an end is noted starts so. */
export const ENDS_PREFIX: Deno.KvKey = [KEY_ROOT, "end"];

/** The key under which the end of `key` is noted, where the database is not told. */
export function endKey(key: Deno.KvKey): Deno.KvKey {
  return [...ENDS_PREFIX, ...key.slice(1)];
}

/** The key whose end is noted under `key`. */
export function endedKey(key: Deno.KvKey): Deno.KvKey {
  return [KEY_ROOT, ...key.slice(ENDS_PREFIX.length)];
}

/** The key that says when ended keys were last swept. */
export const SWEPT_KEY: Deno.KvKey = [KEY_ROOT, "swept"];
