import { parseArgs } from "node:util";
import { USUAL_BEHAVIOUR } from "../src/sandbox/behaviour.ts";
import { ChaosError } from "./chaos_error.ts";

/** The kinds of store that several processes can share. */
export const STORE_KINDS = ["file", "denokv"] as const;

/** One of {@linkcode STORE_KINDS}. */
export type StoreKind = (typeof STORE_KINDS)[number];

/** What a run is made of. */
export interface ChaosOptions {
  /** Servers that are killed again and again. */
  readonly processes: number;
  /** How many kills end the run. */
  readonly kills: number;
  /** What the servers share. */
  readonly store: StoreKind;
  /** Seed of everything that is random. */
  readonly seed: number;
  /** Whether people log in and out too. */
  readonly logins: boolean;
  /** Switches of the simulated Feishu that are not as usual. */
  readonly behaviour: Readonly<Record<string, boolean>>;
}

/** The command line. */
export const USAGE =
  "deno task chaos [--processes 1..32] [--kills 1..100000] [--store file|denokv] [--seed 0..4294967295] [--logins] " +
  "[--behaviour SWITCH=true|false]";

/**
 * Reads the command line.
 *
 * @param anySeed used where none is given.
 * @throws ChaosError with the usage.
 */
export function readChaosOptions(args: readonly string[], anySeed: number): ChaosOptions {
  const { processes, kills, store, seed, logins, behaviour } = parse(args);
  return {
    processes: whole("processes", processes, 1, 32),
    kills: whole("kills", kills, 1, 100_000),
    store: storeKind(store),
    seed: seed === undefined ? anySeed : whole("seed", seed, 0, 4_294_967_295),
    logins,
    behaviour: Object.fromEntries(behaviour.map(behaviourSwitch)),
  };
}

/** The command line that repeats a run. */
export function chaosCommand({ processes, kills, store, seed, logins, behaviour }: ChaosOptions): string {
  const switches = Object.entries(behaviour).map(([name, value]) => ` --behaviour ${name}=${value}`);
  return `deno task chaos --processes ${processes} --kills ${kills} --store ${store} --seed ${seed}` +
    `${logins ? " --logins" : ""}${switches.join("")}`;
}

interface Flags {
  readonly processes: string;
  readonly kills: string;
  readonly store: string;
  readonly seed?: string | undefined;
  readonly logins: boolean;
  readonly behaviour: readonly string[];
}

function parse(args: readonly string[]): Flags {
  try {
    return parseArgs({
      args: [...args],
      options: {
        processes: { type: "string", default: "4" },
        kills: { type: "string", default: "200" },
        store: { type: "string", default: "file" },
        seed: { type: "string" },
        logins: { type: "boolean", default: false },
        behaviour: { type: "string", multiple: true, default: [] },
      },
    }).values;
  } catch (error) {
    const [problem = ""] = error instanceof Error ? error.message.split(/[.\n]/) : [];
    throw new ChaosError(`${problem}: ${USAGE}`, { cause: error });
  }
}

function storeKind(text: string): StoreKind {
  const kind = STORE_KINDS.find((each) => each === text);
  if (kind === undefined) {
    throw new ChaosError(`There is no store "${text}": --store file, or --store denokv`);
  }
  return kind;
}

function behaviourSwitch(text: string): [string, boolean] {
  const [name = "", value = ""] = text.split("=");
  if (!Object.hasOwn(USUAL_BEHAVIOUR, name) || !["true", "false"].includes(value)) {
    throw new ChaosError(
      `--behaviour ${text}: SWITCH=true or SWITCH=false is wanted, of POST /_sandbox/behaviour`,
    );
  }
  return [name, value === "true"];
}

function whole(flag: string, text: string, least: number, most: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw new ChaosError(`--${flag} ${text}: a whole number from ${least} to ${most} is wanted`);
}
