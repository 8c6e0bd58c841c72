import type { FinalAnswer, ObservedFamily, ObservedRun } from "./observed_run.ts";
import { type FactsOf, lostAnswer } from "./lost_answer.ts";
import { hasIssued, type ObservedCall } from "./observed_call.ts";

/** A pair that Feishu issued and that is gone, although a process had it or no caller was told of the loss. */
export interface SilentLoss {
  readonly family: ObservedFamily;
  /** The call by which the pair was issued; absent for the pair of the login itself. */
  readonly call: ObservedCall | undefined;
  /** What callers were told in the end. */
  readonly answers: readonly FinalAnswer[];
  /** What is wrong with that. */
  readonly reason: string;
}

/** A pair that was lost and reported as lost. */
export interface ReportedLoss {
  readonly family: ObservedFamily;
  readonly call: ObservedCall;
}

/** The losses among the newest pairs of all logins. All older pairs were superseded by their successors. */
export interface PairsFound {
  readonly silent: readonly SilentLoss[];
  readonly reported: readonly ReportedLoss[];
}

/**
 * Checks the newest pair of every login: every caller must have got it in the end or, where Feishu's answer was lost on
 * the way, `rotation_outcome_unknown` with a log id.
 */
export function findLostPairs(run: ObservedRun, factsOf: FactsOf): PairsFound {
  const issuedBy = new Map(
    run.calls.filter(hasIssued).map((call) => [call.presented, call] as const),
  );
  const silent: SilentLoss[] = [];
  const reported: ReportedLoss[] = [];
  // Those of logins that servers brought about are not known to callers, but by their access tokens.
  for (const family of run.families.filter(({ redeemed }) => redeemed === undefined)) {
    const newest = family.tokens.at(-1)?.hash;
    const call = issuedBy.get(family.tokens.at(-2)?.hash);
    const answers = run.finals.get(family.id) ?? [];
    const isCurrent = answers.length > 0 &&
      answers.every((answer) => answer.kind === "pair" && answer.refreshToken === newest);
    if (isCurrent) continue;
    const reason = whyNotReported(answers);
    if (reason !== null) silent.push({ family, call, answers, reason });
    else if (call === undefined) {
      silent.push({ family, call, answers, reason: "reported as unknown, and never presented" });
    } else {
      const facts = factsOf(call);
      if (lostAnswer(facts, facts.life.machine, run.nowMs) !== null) reported.push({ family, call });
      else silent.push({ family, call, answers, reason: "its process had it, and it is gone all the same" });
    }
  }
  return { silent, reported };
}

function whyNotReported(answers: readonly FinalAnswer[]): string | null {
  if (answers.length === 0) return "nobody asked";
  for (const answer of answers) {
    if (answer.kind === "none") return "a caller got no answer";
    if (answer.kind === "pair") return "a caller got an older pair";
    if (answer.code !== "rotation_outcome_unknown") return `a caller was told ${answer.code}`;
    if (answer.logId === undefined) return "a caller was told that the outcome is unknown, without a log id";
  }
  return null;
}
