import type { PairName } from "./pair_name.ts";
import type { ServerProcess } from "./server_process.ts";

/** A login or a logout of the user. */
export interface LoginAction {
  readonly process: ServerProcess;
  /** The pair of the login; absent for a logout. */
  readonly pair?: PairName;
  /** Absent while it is under way; `isKept`: a login's pair is in the journal or in the store. */
  outcome?:
    | { readonly kind: "done"; readonly isKept: boolean }
    | { readonly kind: "failed" | "broken"; readonly error: unknown };
}
