import { LruMap } from "../concurrency/lru_map.ts";
import { networkOf } from "../net/network_of.ts";
import type { Clock } from "../ports/clock.ts";

/** A client that still has the key before last tries a few times; it is told at once. */
const UNSLOWED_KEYS = 3;
/** The pause after those, in milliseconds. It doubles with each further key. */
const FIRST_KEY_PAUSE_MS = 250;
/** Shorter than a stop may take on any platform, in milliseconds. */
const LONGEST_KEY_PAUSE_MS = 4_000;
/** An address that has sent no wrong key for this long begins anew, in milliseconds. */
const FORGIVEN_AFTER_MS = 60_000;
/** About 100 bytes each. */
const REMEMBERED_NETWORKS = 1_000;
/** Answers that wait, each with an open connection. Further ones are given at once. */
const MOST_PAUSES = 100;
/** So that one address does not use up all of them. */
const MOST_PAUSES_OF_A_NETWORK = 10;

/**
 * Slows down who sends wrong keys: by address, IPv6 by its first 64 bits. The first three are answered at once, the
 * next ones after a pause that doubles up to four seconds. It is asked after a key was found to be wrong, so that a
 * right key is never slowed, whatever others send from the same address. Memory and open connections are bounded.
 */
export class WrongKeys {
  readonly #clock: Clock;
  readonly #networks = new LruMap<WrongKeyCount>(REMEMBERED_NETWORKS);
  #pauses = 0;

  /** Times the pauses by `clock`. */
  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock;
  }

  /**
   * Counts a wrong key from `address`, and resolves when its sender may be told. Never rejects.
   *
   * @param address canonical; absent for a call that came over no connection.
   * @param gone aborted when the caller has hung up.
   */
  async pause(address: string | undefined, gone: AbortSignal): Promise<void> {
    const count = this.#count(networkOf(address ?? ""));
    const ms = pauseMsOf(count.keys);
    if (ms === 0 || this.#pauses >= MOST_PAUSES || count.pauses >= MOST_PAUSES_OF_A_NETWORK) return;
    this.#pauses += 1;
    count.pauses += 1;
    try {
      await this.#clock.sleep(ms, gone);
    } catch {
      // The caller has hung up.
    } finally {
      this.#pauses -= 1;
      count.pauses -= 1;
    }
  }

  #count(network: string): WrongKeyCount {
    const now = this.#clock.monotonic();
    const before = this.#networks.get(network);
    const count = before ?? { keys: 0, lastMs: now, pauses: 0 };
    if (now - count.lastMs >= FORGIVEN_AFTER_MS) count.keys = 0;
    count.keys += 1;
    count.lastMs = now;
    if (before === undefined) this.#networks.set(network, count);
    return count;
  }
}

/** What is known of one address. */
interface WrongKeyCount {
  /** Wrong keys without a break of a minute. */
  keys: number;
  /** When the last one came, on the monotonic clock. */
  lastMs: number;
  /** Answers to it that wait now. */
  pauses: number;
}

function pauseMsOf(keys: number): number {
  const slowed = keys - UNSLOWED_KEYS;
  return slowed <= 0 ? 0 : Math.min(LONGEST_KEY_PAUSE_MS, FIRST_KEY_PAUSE_MS * 2 ** (slowed - 1));
}
