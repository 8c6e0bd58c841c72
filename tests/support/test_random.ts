import type { Random } from "../../src/ports/random.ts";

/** Real random bytes, which keys and nonces need, and jitter that is always in the middle, which makes waits countable. */
export const TEST_RANDOM: Random = {
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  fraction: () => 0.5,
};
