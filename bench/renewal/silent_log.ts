import type { Log } from "../../src/ports/log.ts";

const nothing = (): void => {};

/** A log that says nothing: what is measured is the work, not its account. */
export const SILENT_LOG: Log = {
  error: nothing,
  warn: nothing,
  info: nothing,
  debug: nothing,
  with: () => SILENT_LOG,
};
