import { type DoublePresentation, findDoublePresentations } from "./double_presentations.ts";
import type { ObservedFamily, ObservedRun, ObservedToken } from "./observed_run.ts";
import { findInLogins, type LoginsFound } from "./login_findings.ts";
import type { FactsOf } from "./lost_answer.ts";
import { findLostPairs, type ReportedLoss, type SilentLoss } from "./lost_pairs.ts";
import { hasIssued } from "./observed_call.ts";

/** What the checker finds in a run. */
export interface CheckerResult {
  /** Calls that promise 2 forbids. */
  readonly doublePresentations: readonly DoublePresentation[];
  /** Pairs that promise 3 says cannot be lost, or must be reported. */
  readonly silentLosses: readonly SilentLoss[];
  /** Pairs whose answers were lost on the way, reported as promise 3 says. */
  readonly reportedLosses: readonly ReportedLoss[];
  /** What is wrong with logins, and how many losses were reported. */
  readonly logins: LoginsFound;
}

/**
 * Checks the history of a run: the calls at the simulated Feishu, the faults, and the answers to callers.
 *
 * @throws Error when a call is of an unknown process.
 */
export function check(run: ObservedRun): CheckerResult {
  const factsOf = factsIn(run);
  const { silent, reported } = findLostPairs(run, factsOf);
  return {
    doublePresentations: findDoublePresentations(run, factsOf),
    silentLosses: silent,
    reportedLosses: reported,
    logins: findInLogins(run, factsOf),
  };
}

function factsIn(run: ObservedRun): FactsOf {
  const successors = successorsIn(run.families);
  const presented = new Set(run.calls.map((call) => call.presented));
  return (call) => {
    const life = run.lives.get(call.process);
    if (life === undefined) throw new Error(`Call ${call.seq} is of an unknown process: ${call.process}`);
    const issued = hasIssued(call) ? successors.get(call.presented) : undefined;
    return {
      call,
      life,
      wasKept: issued !== undefined && (run.served.has(issued.hash) || presented.has(issued.hash)),
      keptUntilSeconds: issued?.endsAtSeconds ?? Infinity,
    };
  };
}

/** The refresh token that followed each one, and each device code. */
function successorsIn(families: readonly ObservedFamily[]): ReadonlyMap<string | undefined, ObservedToken> {
  return new Map(
    families.flatMap(({ tokens, redeemed }) =>
      tokens.map((token, index): [string | undefined, ObservedToken] => [
        index === 0 ? redeemed : tokens[index - 1]?.hash,
        token,
      ])
    ),
  );
}
