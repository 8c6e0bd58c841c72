import type { StoredValue } from "./stored_value.ts";

/** Deno KV takes 65,536 bytes of a value; what is not its two parts, with their names and lengths, is far below the rest. */
export const MOST_VALUE_BYTES = 65_536 - 512;

/** About how many bytes `value` takes in the database. */
export function sizeOf({ kid, head, body }: StoredValue): number {
  return kid.length + head.length + (body?.length ?? 0);
}
