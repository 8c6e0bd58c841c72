import type { StoredValue } from "./stored_value.ts";

/** About how many bytes `value` takes in the database. */
export function sizeOf({ kid, head, body }: StoredValue): number {
  return kid.length + head.length + (body?.length ?? 0);
}
