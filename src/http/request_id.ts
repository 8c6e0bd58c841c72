import type { Random } from "../ports/random.ts";

const ID_BYTES = 6;

/** A new request id: 12 hexadecimal digits, short enough to be read out, long enough to be alone in a log. */
export function newRequestId(random: Random): string {
  return random.bytes(ID_BYTES).toHex();
}
