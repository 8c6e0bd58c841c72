import type { TokenError } from "../../errors/token_error.ts";
import type { LoginProgress } from "../../ports/logins.ts";

/** Shortest pause between two questions: a service that answers "at once" must not be asked without pause. */
const SHORTEST_PAUSE_MS = 500;

/** The progress of a login that goes on. */
export type PendingLogin = Extract<LoginProgress, { readonly kind: "pending" }>;

/** A login that has come to an end, or to a question. */
export type SettledLogin = Exclude<LoginProgress, PendingLogin>;

/** What {@linkcode waitForLogin} works with. */
export interface LoginWait {
  /** Asks once how the login stands. */
  readonly ask: () => Promise<LoginProgress>;
  /** Waits before the next question. Ends with an error where the wait is to end. */
  readonly pause: (ms: number, pending: PendingLogin) => Promise<void>;
  /** Takes what keeps the login from going on, each kind of problem once. */
  readonly onProblem: (problem: TokenError) => void;
}

/**
 * Asks at the pace that the answers name until the login has an outcome. The login's own end bounds the wait.
 *
 * @throws TokenError why the login failed; what `pause` throws.
 */
export async function waitForLogin({ ask, pause, onProblem }: LoginWait): Promise<SettledLogin> {
  const told = new Set<string>();
  for (;;) {
    const progress = await ask();
    if (progress.kind !== "pending") return progress;
    const { problem, retryAfterMs } = progress;
    if (problem !== undefined && !told.has(problem.code)) {
      told.add(problem.code);
      onProblem(problem);
    }
    await pause(Math.max(SHORTEST_PAUSE_MS, retryAfterMs), progress);
  }
}
