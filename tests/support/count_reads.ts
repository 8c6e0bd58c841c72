import type { TokenProcess } from "./token_world.ts";

/** How often the record of a token under somebody else's lease is read before that is waited for. */
export const READS_OF_A_LOOK = 2;

/** Counts what the process reads from now on. */
export function countReads({ kv }: TokenProcess): { count: number } {
  const reads = { count: 0 };
  kv.onRead = () => {
    reads.count++;
    return "pass";
  };
  return reads;
}
