/** Reads `SHA256SUMS`: by file name the hash, in hexadecimal. */
export function readSums(text: string): ReadonlyMap<string, string> {
  return new Map(
    [...text.matchAll(/^([0-9a-f]{64}) [ *](.+)$/gm)].map(([, sum = "", name = ""]) => [name, sum]),
  );
}
