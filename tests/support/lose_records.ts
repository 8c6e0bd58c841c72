import type { InterceptableKv } from "./interceptable_kv.ts";

/**
 * The store loses what it holds, as with a backup from before all that: every slot of every record, or one alone. It stays
 * the same store, with the key that seals it.
 */
export async function loseRecords({ kv }: InterceptableKv, slot?: "token" | "lease"): Promise<void> {
  const prefix = ["feishu-token", ...(slot === undefined ? [] : [slot])];
  for await (const { key } of kv.list({ prefix })) {
    if (key[1] !== "schema") await kv.delete(key);
  }
}
