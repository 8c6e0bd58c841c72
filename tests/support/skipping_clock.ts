import type { Clock } from "../../src/ports/clock.ts";
import type { TokenWorld } from "./token_world.ts";

/** The engine's pauses after a failure: 1 s and 2 s, up to a quarter more by chance. Its deadlines are longer. */
const PAUSES_MS = { least: 900, most: 2_600 };

/** A clock on which sleeps of some lengths pass at once. */
export interface SkippingClock extends Clock {
  /** The sleeps that were skipped, in milliseconds. */
  readonly skippedMs: readonly number[];
}

/**
 * The world's time, in which a sleep of `least` to `most` milliseconds passes at once, for all processes and the sandbox.
 *
 * @param afterSkip awaited before such a sleep ends.
 */
export function skippingClock(
  world: TokenWorld,
  { least, most }: { readonly least: number; readonly most: number },
  afterSkip: () => Promise<void> = () => Promise.resolve(),
): SkippingClock {
  const skippedMs: number[] = [];
  return {
    skippedMs,
    now: () => world.clock.now(),
    monotonic: () => skippedMs.reduce((sum, ms) => sum + ms, world.clock.monotonic()),
    async sleep(ms, signal): Promise<void> {
      if (ms < least || ms > most) return await world.clock.sleep(ms, signal);
      signal?.throwIfAborted();
      skippedMs.push(ms);
      world.age(ms);
      await afterSkip();
    },
  };
}

/** The world's time, in which the engine's pauses after a failure pass at once. */
export function withoutPauses(world: TokenWorld): Clock {
  return skippingClock(world, PAUSES_MS);
}
