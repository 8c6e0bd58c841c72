import { REAL_CLOCK } from "../support/token_world.ts";

/** Far beyond what a loaded machine needs. */
const PATIENCE_MS = 30_000;
const POLL_MS = 5;

/** Waits until `condition` holds. Fails, with `what` was waited for, when it never does. */
export async function eventually(what: () => string, condition: () => Promise<boolean>): Promise<void> {
  const startedMs = REAL_CLOCK.monotonic();
  while (!await condition()) {
    if (REAL_CLOCK.monotonic() - startedMs > PATIENCE_MS) throw new Error(`It never came to this: ${what()}`);
    await REAL_CLOCK.sleep(POLL_MS);
  }
}
