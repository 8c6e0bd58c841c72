import type { Log } from "../../src/ports/log.ts";

const nothing = (): void => {};

/** A log that writes nothing: the renewal is measured, not its log. */
export const SILENT_LOG: Log = {
  error: nothing,
  warn: nothing,
  info: nothing,
  debug: nothing,
  with: () => SILENT_LOG,
};
