/** Levels of a line, most important first. */
export const LOG_LEVELS = ["error", "warn", "info", "debug"] as const;

/** One of {@linkcode LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Facts of one event. `undefined` values are left out. Never a secret: pass fingerprints (promise 7). */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Writes one line an event to stderr. Every implementation masks secrets that reach it by mistake. */
export interface Log {
  /** Something is broken, and a person must act. */
  error(event: string, fields?: LogFields): void;
  /** Something failed, and the program has recovered. */
  warn(event: string, fields?: LogFields): void;
  /** An event that an operator wants to see. */
  info(event: string, fields?: LogFields): void;
  /** Everything else. A function is called only where the line is written: nearly every call has such lines. */
  debug(event: string, fields?: LogFields | (() => LogFields)): void;
  /** A log that adds `fields` to every line. */
  with(fields: LogFields): Log;
}
