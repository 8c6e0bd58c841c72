import type { TokenProcess } from "./token_world.ts";

/** Counts what the process reads from now on. */
export function countReads({ kv }: TokenProcess): { count: number } {
  const reads = { count: 0 };
  kv.onRead = () => {
    reads.count++;
    return "pass";
  };
  return reads;
}
