import { repeat, type WalkResult } from "./walk.ts";
import type { Fixture } from "./fixture.ts";
import type { WorldOptions } from "./world_options.ts";

/**
 * Shortens a failing walk: leaves out half of its moves, then quarters, in the end single ones, as long as the same
 * invariant is violated without them.
 */
export async function shrink(
  fixture: Fixture,
  options: WorldOptions,
  failed: WalkResult,
): Promise<WalkResult> {
  let best = failed;
  for (let size = best.moves.length >> 1; size > 0; size >>= 1) {
    for (let from = 0; from < best.moves.length;) {
      const fewer = await repeat(fixture, options, best.moves.toSpliced(from, size));
      if (fewer.violation?.invariant === failed.violation?.invariant) best = fewer;
      else from += size;
    }
  }
  return best;
}
