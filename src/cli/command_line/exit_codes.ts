import type { ErrorKind } from "../../errors/error_table.ts";

/** The exit code that a failure of each kind has on the command line; 0 is success. */
export const EXIT_CODES: Readonly<Record<ErrorKind, number>> = {
  internal: 1,
  input: 2,
  config: 3,
  login: 4,
  transient: 5,
  rate: 5,
  ambiguous: 6,
  store: 7,
};
