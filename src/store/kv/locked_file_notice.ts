import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import { isBusy } from "./deno_kv.ts";
import type { StorePlace } from "../files/store_place.ts";

/** When it is said, in milliseconds. Processes of this program that start together lock the file for less. */
const SAID_AFTER_MS = 500;

/** Logs once that a start is waiting for a file that another program keeps locked, so that the wait is not silent. */
export class LockedFileNotice {
  readonly #options: LockedFileNoticeOptions;
  #lockedSinceMs: number | null = null;
  #isSaid = false;

  /** For one opening of the file. */
  constructor(options: LockedFileNoticeOptions) {
    this.#options = options;
  }

  /** Does one `attempt` to open the file, and throws what it throws. */
  async during(attempt: () => Promise<void>): Promise<void> {
    try {
      await attempt();
    } catch (error) {
      if (isBusy(error)) this.#locked();
      throw error;
    }
  }

  #locked(): void {
    const { place: { path }, clock, log } = this.#options;
    this.#lockedSinceMs ??= clock.monotonic();
    if (this.#isSaid || clock.monotonic() - this.#lockedSinceMs < SAID_AFTER_MS) return;
    log.warn("store file locked by another program, waiting for it", { path });
    this.#isSaid = true;
  }
}

/** What {@linkcode LockedFileNotice} needs. */
export interface LockedFileNoticeOptions {
  /** The file. */
  readonly place: Extract<StorePlace, { readonly kind: "file" }>;
  /** Measures how long the file has been locked. */
  readonly clock: Clock;
  /** Told once. */
  readonly log: Log;
}
