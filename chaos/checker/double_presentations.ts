import { isWithin } from "./is_within.ts";
import type { ObservedRun } from "./observed_run.ts";
import { type AnswerFacts, type FactsOf, lostAnswer } from "./lost_answer.ts";
import { hasIssued, isForAppToken, isPresentation, type ObservedCall } from "./observed_call.ts";

/** How far two clocks on one machine may be apart after they were compared. */
const CLOCK_ERROR_MS = 5;

/** A call that promise 2 forbids, and the earlier call for which it does. */
export interface DoublePresentation {
  readonly call: ObservedCall;
  readonly earlier: ObservedCall;
}

/**
 * Every forbidden call: a refresh token or device code presented while an earlier presentation of it was under way, or after
 * one that was accepted; an app token asked for while another process was asking. A repeat is allowed where no living process can know
 * the outcome of the earlier call, where Feishu had refused it (no refusal of the simulated Feishu consumes the token), and
 * where the pair that it issued has ended. While the store is away app tokens are got without a lease.
 */
export function findDoublePresentations(run: ObservedRun, factsOf: FactsOf): DoublePresentation[] {
  const byToken = Map.groupBy(
    run.calls.filter(isPresentation),
    ({ presented }) => presented,
  );
  const apps = run.calls.filter((call) => isForAppToken(call) && !isWithin(run.outages, call.beganMs));
  return [...byToken.values(), apps].flatMap((calls) => {
    const doubles: DoublePresentation[] = [];
    for (const [index, call] of calls.entries()) {
      const machine = factsOf(call).life.machine;
      const earlier = calls.slice(0, index).find((each) => {
        const facts = factsOf(each);
        return call.atSeconds < facts.keptUntilSeconds &&
          forbiddenUntilMs(facts, machine, call.beganMs) > call.beganMs + CLOCK_ERROR_MS;
      });
      if (earlier !== undefined) doubles.push({ call, earlier });
    }
    return doubles;
  });
}

/** Until when a call forbids the same one by a process on `machine`, as it looks at `nowMs`. */
function forbiddenUntilMs(facts: AnswerFacts, machine: string, nowMs: number): number {
  const { call } = facts;
  const endsByItself = call.presented === undefined || !hasIssued(call);
  const isAnswered = call.end === "answered" && (call.endedMs ?? Infinity) <= nowMs;
  if (isAnswered && endsByItself) return -Infinity;
  return lostAnswer(facts, machine, nowMs)?.sinceMs ?? Infinity;
}
