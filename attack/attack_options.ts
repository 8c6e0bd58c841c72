import { parseArgs } from "node:util";
import { RunError } from "../harness/run_error.ts";

/** What a run is made of. */
export interface AttackOptions {
  /** Names of the parts, in the order in which they run. */
  readonly parts: readonly string[];
  /** Seed of everything that is random. */
  readonly seed: number;
  /** Whether each part takes a few seconds only. */
  readonly isShort: boolean;
}

const MOST_SEED = 4_294_967_295;

/** The command line, with the names of the parts. */
export function usage(known: readonly string[]): string {
  return `deno task attack [part …] [--seed 0..${MOST_SEED}] [--short]; parts: ${known.join(", ")}`;
}

/**
 * Reads the command line.
 *
 * @param known names of every part.
 * @param anySeed used where none is given.
 * @throws RunError with the usage.
 */
export function readAttackOptions(
  args: readonly string[],
  known: readonly string[],
  anySeed: number,
): AttackOptions {
  const { values: { seed, short }, positionals } = parse(args, known);
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new RunError(`There is no part "${unknown}": ${usage(known)}`);
  return {
    parts: positionals.length === 0 ? known : known.filter((name) => positionals.includes(name)),
    seed: seed === undefined ? anySeed : readSeed(seed),
    isShort: short,
  };
}

/** The command line that repeats a run. */
export function attackCommand({ parts, seed, isShort }: AttackOptions): string {
  return `deno task attack ${parts.join(" ")} --seed ${seed}${isShort ? " --short" : ""}`;
}

function parse(args: readonly string[], known: readonly string[]): {
  readonly values: { readonly seed?: string | undefined; readonly short: boolean };
  readonly positionals: readonly string[];
} {
  try {
    return parseArgs({
      args: [...args],
      options: { seed: { type: "string" }, short: { type: "boolean", default: false } },
      allowPositionals: true,
    });
  } catch (error) {
    const [problem = ""] = error instanceof Error ? error.message.split(/[.\n]/) : [];
    throw new RunError(`${problem}: ${usage(known)}`, { cause: error });
  }
}

function readSeed(text: string): number {
  const seed = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  if (seed <= MOST_SEED) return seed;
  throw new RunError(`--seed ${text}: a whole number from 0 to ${MOST_SEED} is wanted`);
}
