import type { TokenError } from "../../src/errors/token_error.ts";
import type { PairName } from "./pair_name.ts";
import type { ServerProcess } from "./server_process.ts";

/** How a call ended. */
export type Outcome =
  /**
   * With this pair. `hasDoubts`: it came with a warning that the store could not be read, or did not take the pair;
   * `isSame`: with one that Feishu has no other token for now.
   */
  | { readonly kind: "pair"; readonly pair: PairName; readonly hasDoubts: boolean; readonly isSame?: boolean }
  | { readonly kind: "failed"; readonly error: TokenError }
  /** With an error that no caller should ever see. */
  | { readonly kind: "broken"; readonly error: unknown };

/** One call of a caller. */
export interface Question {
  readonly process: ServerProcess;
  /** The token presented. */
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
