import type { TokenError } from "../../src/errors/token_error.ts";
import type { PairName } from "./pair_name.ts";
import type { ServerProcess } from "./server_process.ts";

/** How a call ended. */
export type Outcome =
  /**
   * With this pair; `hasDoubts`: and a warning that the store could not be asked, or could not take it; `isSame`: and one
   * that there is no other for now.
   */
  | { readonly kind: "pair"; readonly pair: PairName; readonly hasDoubts: boolean; readonly isSame?: boolean }
  | { readonly kind: "failed"; readonly error: TokenError }
  /** With what no caller should ever see. */
  | { readonly kind: "broken"; readonly error: unknown };

/** One call of a caller. */
export interface Question {
  readonly process: ServerProcess;
  /** What is presented. */
  readonly token: PairName;
  /** The pair whose access token is reported as rejected, where that is the question. */
  readonly rejected?: PairName;
  /** The oldest pair that may answer it: what an earlier call was answered with. `null`: there was none. */
  readonly atLeast: PairName | null;
  /** How often the store had been taken back when it was asked. */
  readonly takeBacks: number;
  /** Absent while it waits. */
  outcome?: Outcome;
}
