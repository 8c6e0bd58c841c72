import type { Random } from "../ports/random.ts";

const ID_BYTES = 6;
/** Counted in the last digits of an id; a new random beginning when they run out. */
const COUNTER_DIGITS = 4;
const COUNTER_END = 16 ** COUNTER_DIGITS;

/**
 * Makes the source of request ids: 12 hexadecimal digits, short enough to be read out, long enough to be alone in a log.
 * The first eight are random and hold for 65,536 ids that are counted from a random one on: asking the generator at
 * every request cost more than parsing it.
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
    // One digit more, cut off again: leading zeros without padding.
    return beginning + (COUNTER_END + counter).toString(16).slice(1);
  };
}
