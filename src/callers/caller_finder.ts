import type { CallerKey } from "./read_caller_keys.ts";

/** The name of the caller whose key `presented` is; `undefined` where it is nobody's. */
export type CallerFinder = (presented: string) => string | undefined;

/** How digests are made and compared. */
export interface DigestComparison {
  /** A digest of the same length for every text. */
  digest(text: string): Uint8Array;
  /** Whether two digests are equal, in a time that does not depend on where they differ. */
  isEqual(one: Uint8Array, other: Uint8Array): boolean;
}

/**
 * Makes the finder of callers. How long it takes tells nothing of a key: digests are compared, which have one length
 * and nothing in common with what they are of, and each one is compared with all keys, also after one that is equal.
 *
 * @param comparison SHA-256 and `timingSafeEqual` by default.
 */
export async function createCallerFinder(
  keys: readonly CallerKey[],
  comparison?: DigestComparison,
): Promise<CallerFinder> {
  const { digest, isEqual } = comparison ?? await nodeComparison();
  const known = keys.map(({ name, key }) => ({ name, digest: digest(key.reveal()) }));
  return (presented) => {
    const asked = digest(presented);
    let found: string | undefined;
    for (const each of known) {
      if (isEqual(each.digest, asked)) found = each.name;
    }
    return found;
  };
}

/** Loaded only where there are keys. */
async function nodeComparison(): Promise<DigestComparison> {
  const { createHash, timingSafeEqual } = await import("node:crypto");
  return {
    digest: (text) => createHash("sha256").update(text).digest(),
    isEqual: timingSafeEqual,
  };
}
