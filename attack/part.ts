import type { Chance } from "../harness/chance.ts";
import type { Findings } from "./findings.ts";

/** What a part runs with. */
export interface AttackContext {
  /** Draws everything that is random. */
  readonly chance: Chance;
  /** Whether to take a few seconds only. */
  readonly isShort: boolean;
  /** An empty folder, removed afterwards. */
  readonly folder: string;
  /** Where Deno has the packages of the program. */
  readonly denoDir: string;
  /** Records the faults. */
  readonly findings: Findings;
}

/** What one part did. */
export interface PartResult {
  /** How many cases were tried. */
  readonly cases: number;
  /** What was sent, in a few words. */
  readonly sent: string;
  /** Further figures, in a few words each. */
  readonly figures: readonly string[];
}

/** One part of the suite. */
export interface Part {
  /** What it is called on the command line. */
  readonly name: string;
  /** Why it cannot be run here; `null` where it can. */
  obstacle?(): Promise<string | null>;
  /** Runs it. Resolves when everything that it started has ended. */
  run(context: AttackContext): Promise<PartResult>;
}
