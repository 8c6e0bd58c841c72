import type { TokenError } from "../../../src/errors/token_error.ts";
import type { LoginProgress } from "../../../src/ports/logins.ts";
import type { PairName } from "../pair_name.ts";
import type { ServerProcess } from "../server_process.ts";

/** What a process has said. */
export type LoginAnswer =
  | { readonly kind: "started"; readonly code: string }
  | { readonly kind: "progress"; readonly progress: LoginProgress }
  | { readonly kind: "token"; readonly pair: PairName }
  | { readonly kind: "ended"; readonly upstream: string }
  | { readonly kind: "kept" };

/** How a call has ended. */
export type LoginCallOutcome =
  | { readonly kind: "told"; readonly answer: LoginAnswer }
  | { readonly kind: "failed"; readonly error: TokenError }
  /** With an error that no caller should ever see. */
  | { readonly kind: "broken"; readonly error: unknown };

/** One call of the service for logins. */
export interface LoginCall {
  readonly process: ServerProcess;
  /** For the trace. */
  readonly what: string;
  /** The code of the login that it is about. */
  readonly code?: string | undefined;
  /** How many writes had landed when it was asked. */
  readonly askedWrite: number;
  /** What the store had of that login when it was asked: its phase. */
  readonly askedPhase?: string | undefined;
  /** Whether the store has not answered its process since. */
  hasDoubts: boolean;
  outcome?: LoginCallOutcome;
}
