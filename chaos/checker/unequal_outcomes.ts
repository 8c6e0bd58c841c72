import type { LoginFinding } from "./login_findings.ts";
import type { LoginOutcome, ObservedLogins } from "./observed_logins.ts";

/**
 * Checks that all final answers about one login are equal. One answer may change: an outcome that was unknown is known once
 * the pair has turned up in the journal of another machine.
 */
export function findUnequalOutcomes({ logins }: ObservedLogins): LoginFinding[] {
  return logins.flatMap(({ openId, outcomes }): LoginFinding[] => {
    const known = outcomes.filter(({ code }) => code !== "login_outcome_unknown");
    const unknown = outcomes.filter((outcome) => !known.includes(outcome));
    const isEqual = isSame(known) && isSame(unknown);
    const firstKnownMs = Math.min(...known.map(({ answeredMs }) => answeredMs));
    const isBack = unknown.some(({ askedMs }) => askedMs > firstKnownMs);
    if (isEqual && !isBack) return [];
    const reason = isEqual ? "unknown again after it was known" : "not always the same";
    return [{ kind: "unequal outcomes", openId, reason, told: outcomes }];
  });
}

function isSame(outcomes: readonly LoginOutcome[]): boolean {
  return new Set(outcomes.map(({ text }) => text)).size <= 1;
}
