import { realPlatform } from "../../src/platform.ts";

const { clock } = realPlatform();

/** Far beyond what a loaded machine needs. */
const PATIENCE_MS = 60_000;
const POLL_MS = 5;

/** Waits until `condition` holds. Fails, with `what` was waited for, when it never does. */
export async function eventually(
  what: () => string,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const startedMs = clock.monotonic();
  while (!await condition()) {
    if (clock.monotonic() - startedMs > PATIENCE_MS) throw new Error(`It never came to this: ${what()}`);
    await clock.sleep(POLL_MS);
  }
}
