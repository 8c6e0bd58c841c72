import type { Clock } from "../ports/clock.ts";

/** The result where the time was up before the work ended. */
export const TIME_IS_UP: unique symbol = Symbol("time is up");

/**
 * Waits for `work` at most `ms` milliseconds. Only the wait ends then: the work goes on, and a late failure is ignored.
 *
 * @throws what `work` throws, or the reason of `signal` when that is aborted first.
 */
export async function within<T>(
  clock: Clock,
  ms: number,
  work: Promise<T>,
  signal?: AbortSignal,
): Promise<T | typeof TIME_IS_UP> {
  // Not AbortSignal.any(): it takes longer than everything else here.
  const wait = new AbortController();
  const end = (): void => wait.abort(signal?.reason);
  if (signal?.aborted) end();
  signal?.addEventListener("abort", end, { once: true });
  work.catch(() => {});
  try {
    return await Promise.race([work, clock.sleep(ms, wait.signal).then((): typeof TIME_IS_UP => TIME_IS_UP)]);
  } finally {
    signal?.removeEventListener("abort", end);
    wait.abort(TIME_IS_UP);
  }
}
