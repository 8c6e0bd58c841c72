import type { Random } from "../ports/random.ts";

const ID_BYTES = 6;
/** Digits at the end of an id that are counted. When they are used up, the others are chosen anew. */
const COUNTER_DIGITS = 4;
const COUNTER_END = 16 ** COUNTER_DIGITS;

/**
 * Makes the source of request ids: 12 hexadecimal digits, short enough to read out, long enough to be unique in a
 * log. The first eight are random and serve for 65,536 ids, which are counted from a random start: calling the
 * generator at every request took longer than parsing the request.
 */
export function createRequestIds(random: Random): () => string {
  let beginning = "";
  let counter = 0;
  let left = 0;
  return () => {
    if (left === 0) {
      const id = random.bytes(ID_BYTES).toHex();
      beginning = id.slice(0, -COUNTER_DIGITS);
      counter = parseInt(id.slice(-COUNTER_DIGITS), 16);
      left = COUNTER_END;
    }
    left -= 1;
    counter = (counter + 1) % COUNTER_END;
    // A fifth digit keeps the leading zeros, and is cut off again.
    return beginning + (COUNTER_END + counter).toString(16).slice(1);
  };
}
