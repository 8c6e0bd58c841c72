import type { ErrorKind } from "../../errors/error_table.ts";

/** Exit code for each kind of failure; 0 is success. */
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
