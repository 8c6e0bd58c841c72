import type { Span } from "./observed_run.ts";

/** After an outage a read that began in it may still be waited for, and then a process goes on without the store. */
const AFTER_OUTAGE_MS = 15_000;

/** Whether the store did not work at that time, as a process may see it. */
export function isWithin(outages: readonly Span[], atMs: number): boolean {
  return outages.some(({ fromMs, toMs }) => atMs >= fromMs && atMs <= toMs + AFTER_OUTAGE_MS);
}
