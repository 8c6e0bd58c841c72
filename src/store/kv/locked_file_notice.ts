import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import { isBusy } from "./deno_kv.ts";
import type { StorePlace } from "../files/store_place.ts";

/** Processes of ours that start together lock the file for milliseconds. */
const SAID_AFTER_MS = 500;

/** What {@linkcode LockedFileNotice} needs. */
export interface LockedFileNoticeOptions {
  /** The file. */
  readonly place: Extract<StorePlace, { readonly kind: "file" }>;
  /** Tells how long the file has been locked. */
  readonly clock: Clock;
  /** Told of it. */
  readonly log: Log;
}

/** Says once that a start waits for a file that another program keeps locked: until then there would be silence. */
export class LockedFileNotice {
  readonly #options: LockedFileNoticeOptions;
  #lockedSinceMs: number | null = null;
  #isSaid = false;

  /** For one opening of the file. */
  constructor(options: LockedFileNoticeOptions) {
    this.#options = options;
  }

  /** Does one try. Throws what that throws. */
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
