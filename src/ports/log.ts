/** How much a line matters, most important first. */
export const LOG_LEVELS = ["error", "warn", "info", "debug"] as const;

/** One of {@linkcode LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Facts of one event. Values that are `undefined` are left out. Never a secret: pass fingerprints. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** One line an event, on stderr. Every implementation masks secrets that reach it by mistake. */
export interface Log {
  /** Something is broken and a person must act. */
  error(event: string, fields?: LogFields): void;
  /** Something went wrong and was survived. */
  warn(event: string, fields?: LogFields): void;
  /** A step that an operator wants to see. */
  info(event: string, fields?: LogFields): void;
  /** Everything else. */
  debug(event: string, fields?: LogFields): void;
  /** A log whose every line carries `fields` too. */
  with(fields: LogFields): Log;
}
