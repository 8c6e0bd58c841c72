import type { Chance } from "../../harness/chance.ts";

const PAGE_BYTES = 4_096;
const HEADER_BYTES = 100;
const KINDS = [
  "flip 1",
  "flip 8",
  "flip 64",
  "zero",
  "ones",
  "swap",
  "truncate",
  "truncate pages",
  "header",
  "append",
] as const;

/** How a database was spoilt. */
export type Spoiling = (typeof KINDS)[number];

/** Every way in which {@linkcode spoilDatabase} knows to spoil a database. */
export const SPOILINGS: readonly Spoiling[] = KINDS;

/** The bytes of a database after a fault of its disk. */
export function spoilDatabase(
  good: Uint8Array<ArrayBuffer>,
  kind: Spoiling,
  chance: Chance,
): Uint8Array<ArrayBuffer> {
  const bytes = good.slice();
  const pages = Math.floor(bytes.length / PAGE_BYTES);
  const below = (count: number): number => Math.floor(chance.between(0, count));
  const flip = (count: number, within: number): void => {
    for (let each = 0; each < count; each++) {
      const at = below(within);
      bytes[at] = (bytes[at] ?? 0) ^ 1 << below(8);
    }
  };
  const page = (index: number): Uint8Array => bytes.subarray(index * PAGE_BYTES, (index + 1) * PAGE_BYTES);
  switch (kind) {
    case "flip 1":
    case "flip 8":
    case "flip 64":
      flip(Number(kind.slice("flip ".length)), bytes.length);
      return bytes;
    case "header":
      flip(3, HEADER_BYTES);
      return bytes;
    case "zero":
      page(below(pages)).fill(0);
      return bytes;
    case "ones":
      page(1 + below(pages - 1)).fill(0xff);
      return bytes;
    case "swap": {
      const [a, b] = [page(1 + below(pages - 1)), page(1 + below(pages - 1))];
      const kept = a.slice();
      a.set(b);
      b.set(kept);
      return bytes;
    }
    case "truncate":
      return bytes.slice(0, below(bytes.length));
    case "truncate pages":
      return bytes.slice(0, (1 + below(pages - 1)) * PAGE_BYTES);
    case "append":
      return Uint8Array.from([...bytes, ...Array.from({ length: 5_000 }, () => below(256))]);
  }
}
