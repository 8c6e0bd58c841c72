import { type DoublePresentation, findDoublePresentations } from "./double_presentations.ts";
import type { Evidence, ObservedFamily, ObservedToken } from "./evidence.ts";
import type { FactsOf } from "./lost_answer.ts";
import { findLostPairs, type ReportedLoss, type SilentLoss } from "./lost_pairs.ts";
import { hasIssued } from "./observed_call.ts";

/** What a run comes to. */
export interface Judgement {
  /** Calls that promise 2 forbids. */
  readonly doublePresentations: readonly DoublePresentation[];
  /** Pairs that promise 3 says cannot be lost, or must be reported. */
  readonly silentLosses: readonly SilentLoss[];
  /** Pairs whose answers were lost on the way, reported as promise 3 says. */
  readonly reportedLosses: readonly ReportedLoss[];
}

/**
 * Judges a run by what the simulated Feishu saw, what was done to the processes, and what callers were told.
 *
 * @throws Error when a call is of a process that nobody knows.
 */
export function judge(evidence: Evidence): Judgement {
  const factsOf = factsIn(evidence);
  const { silent, reported } = findLostPairs(evidence, factsOf);
  return {
    doublePresentations: findDoublePresentations(evidence, factsOf),
    silentLosses: silent,
    reportedLosses: reported,
  };
}

function factsIn(evidence: Evidence): FactsOf {
  const successors = successorsIn(evidence.families);
  const presented = new Set(evidence.calls.map((call) => call.presented));
  return (call) => {
    const life = evidence.lives.get(call.process);
    if (life === undefined) throw new Error(`Call ${call.seq} is of an unknown process: ${call.process}`);
    const issued = hasIssued(call) ? successors.get(call.presented) : undefined;
    return {
      call,
      life,
      wasKept: issued !== undefined && (evidence.served.has(issued.hash) || presented.has(issued.hash)),
      keptUntilSeconds: issued?.endsAtSeconds ?? Infinity,
    };
  };
}

/** The refresh token that came of each one. */
function successorsIn(families: readonly ObservedFamily[]): ReadonlyMap<string | undefined, ObservedToken> {
  return new Map(
    families.flatMap(({ tokens }) =>
      tokens.slice(1).map((token, index): [string | undefined, ObservedToken] => [tokens[index]?.hash, token])
    ),
  );
}
