import { APP_RECORD, isLater, type PairName } from "./pair_name.ts";
import type { Question } from "./question.ts";
import type { ServerProcess } from "./server_process.ts";
import type { World } from "./world.ts";

/**
 * The answers of a walk so far. A later call with the same token must not get an older pair than the store held when an
 * earlier call had been answered, nor than the same process has answered before.
 */
export class Answers {
  readonly #newest = new Map<string, PairName>();

  /** The oldest pair that may answer `token` at `process` from now on; `null`: any. */
  atLeast(process: ServerProcess, token: PairName): PairName | null {
    const stored = this.#newest.get(token);
    const own = this.#newest.get(`${process.label} ${token}`);
    return own === undefined ? stored ?? null : later(own, stored ?? own);
  }

  /** Notes an answer. */
  ended({ process, token, outcome }: Question, world: World): void {
    if (outcome?.kind !== "pair") return;
    const { pair } = outcome;
    this.#raise(`${process.label} ${token}`, pair);
    // App tokens are served from memory without a look at the store.
    if (token === APP_RECORD || world.view.record(world.recordOf(token)).token === undefined) return;
    const stored = endOfChain(world, token);
    this.#raise(token, isLater(pair, stored) ? stored : pair);
  }

  /** The store was taken back: what it held no longer counts. */
  forget(): void {
    this.#newest.clear();
  }

  #raise(key: string, pair: PairName): void {
    this.#newest.set(key, later(pair, this.#newest.get(key) ?? pair));
  }
}

/** The newest pair that the store leads to from `token`; itself where there is none. */
export function endOfChain(world: World, token: PairName): PairName {
  const record = world.recordOf(token);
  const next = world.view.record(record).token?.pair ?? null;
  if (next === null) return token;
  return world.isGrant(record) ? next : endOfChain(world, next);
}

function later(one: PairName, other: PairName): PairName {
  return isLater(other, one) ? other : one;
}
