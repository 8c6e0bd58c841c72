import * as z from "zod";
import type { Clock } from "../../ports/clock.ts";
import type { Random } from "../../ports/random.ts";
import type { SealedValues, ValueForm } from "../../ports/sealed_values.ts";
import { CLAIM_DEADLINE_MS } from "../renewal/limits.ts";

/**
 * Pause between two renewals ahead of time of one app, in milliseconds: 8 a second and 480 a minute. Feishu allows 50 a
 * second and 1,000 a minute for each app and API; the rest is for people who wait.
 *
 * @see https://open.feishu.cn/document/server-docs/api-call-guide/frequency-control
 */
export const SLOT_MS = 125;
/** Slots that one process may reserve at a time. */
export const SLOTS_AT_A_TIME = 8;

/** A reservation further ahead than this, in milliseconds, was made by a clock that was wrong. */
const FARTHEST_MS = 60 * 60 * 1_000;
/** Attempts to reserve. Each conflict means that another process has reserved. */
const RESERVE_ROUNDS = 20;
const CONFLICT_PAUSE_MS = 50;

const slotSchema = z.object({ nextMs: z.number() });

/** When the next slot of an app is free, Unix milliseconds. */
export interface NextSlot {
  /** Unix milliseconds. */
  readonly nextMs: number;
}

/** The namespace of the reservations among the sealed values of a store, and their form. */
export const SLOT_VALUES: ValueForm<NextSlot> = {
  namespace: "slot",
  encode: (slot) => slot,
  decode: (stored) => slotSchema.parse(stored),
};

/**
 * Hands out the moments at which grants may be renewed ahead of time, so that all processes of the store together keep
 * to the pace of one app. A slot that is not used is lost.
 */
export class RenewalSlots {
  readonly #values: SealedValues<NextSlot>;
  readonly #clock: Clock;
  readonly #random: Random;

  /** On the sealed values of the namespace `slot`. */
  constructor(
    values: SealedValues<NextSlot>,
    { clock, random }: { readonly clock: Clock; readonly random: Random },
  ) {
    this.#values = values;
    this.#clock = clock;
    this.#random = random;
  }

  /**
   * Reserves `count` slots of the app.
   *
   * @returns Unix milliseconds, one for each slot; `null` where the store took no reservation.
   * @throws TokenError `store_unavailable`.
   */
  async reserve(app: string, count: number): Promise<readonly number[] | null> {
    for (let round = 0; round < RESERVE_ROUNDS; round++) {
      const { value, version } = await this.#values.get(app);
      const now = this.#clock.now();
      const nextMs = value === null || value.nextMs > now + FARTHEST_MS ? now : Math.max(now, value.nextMs);
      const taken = { nextMs: nextMs + count * SLOT_MS };
      const outcome = await this.#values.put(app, taken, {
        check: version,
        endsAtMs: null,
        deadlineMs: CLAIM_DEADLINE_MS,
      });
      if (outcome.kind === "ok") return Array.from({ length: count }, (_, index) => nextMs + index * SLOT_MS);
      if (outcome.kind !== "conflict") return null;
      await this.#clock.sleep(this.#random.fraction() * CONFLICT_PAUSE_MS);
    }
    return null;
  }
}
