import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import { LruMap } from "../concurrency/lru_map.ts";
import { DAY_MS } from "../tokens/grants/grant_view.ts";
import type { GrantIndex } from "../tokens/grants/grant_index.ts";

/** Days before the end of an authorization at which the log tells of it. */
const TOLD_DAYS = [1, 7, 30] as const;
const REMEMBERED_WARNED = 10_000;

/** Tells the log of logins that no renewal can keep for much longer: 30 days, 7 days and a day before their end. */
export class EndWarnings {
  readonly #index: GrantIndex;
  readonly #clock: Clock;
  readonly #log: Log;
  /** By entry, the number of days that was told last. */
  readonly #told = new LruMap<number>(REMEMBERED_WARNED);

  /** For one process. */
  constructor(index: GrantIndex, { clock, log }: { readonly clock: Clock; readonly log: Log }) {
    this.#index = index;
    this.#clock = clock;
    this.#log = log;
  }

  /**
   * Looks at every grant, and tells of each threshold once.
   *
   * @throws TokenError `store_unavailable`.
   */
  async tell(): Promise<void> {
    const now = this.#clock.now();
    for (const { name, value: { loginEndsAtMs, user } } of await this.#index.all()) {
      if (loginEndsAtMs === undefined) continue;
      const leftMs = loginEndsAtMs - now;
      const days = TOLD_DAYS.find((each) => leftMs > 0 && leftMs <= each * DAY_MS);
      if (days === undefined) this.#told.delete(name);
      else if (this.#told.get(name) !== days) {
        this.#told.set(name, days);
        this.#log.warn("login ends soon, whatever is renewed: the user has to log in again", {
          user,
          ends_in_days: Math.ceil(leftMs / DAY_MS),
        });
      }
    }
  }
}
