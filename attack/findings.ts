/** The kinds of faults that an attack can find, in the order of the table. */
export const FINDING_KINDS = ["crash", "bare_5xx", "hang", "secret", "lost", "other"] as const;

/**
 * One of {@linkcode FINDING_KINDS}: the process ended; a 5xx without a body; no answer, or no end, in time; a secret where
 * it does not belong; a token that was issued and cannot be had; anything else that is wrong.
 */
export type FindingKind = (typeof FINDING_KINDS)[number];

/** One fault. */
export interface Finding {
  readonly kind: FindingKind;
  /** The case that showed it. */
  readonly name: string;
  /** What was seen. Holds no secret but the canary that was found. */
  readonly detail: string;
}

/** What one part has found. */
export class Findings {
  readonly #all: Finding[] = [];

  /** Every fault, in the order in which they were seen. */
  get all(): readonly Finding[] {
    return this.#all;
  }

  /** Records a fault. */
  add(kind: FindingKind, name: string, detail: string): void {
    this.#all.push({ kind, name, detail });
  }

  /** Records a fault unless `holds`. */
  expect(holds: boolean, kind: FindingKind, name: string, detail: string): void {
    if (!holds) this.add(kind, name, detail);
  }

  /** How many of one kind. */
  count(kind: FindingKind): number {
    return this.#all.filter((finding) => finding.kind === kind).length;
  }
}
