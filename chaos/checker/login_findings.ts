import type { FactsOf } from "./lost_answer.ts";
import type { ObservedCall } from "./observed_call.ts";
import type { ObservedRun } from "./observed_run.ts";
import { findLostGrants } from "./lost_grants.ts";
import { findLostLogins } from "./lost_logins.ts";
import { findUnequalOutcomes } from "./unequal_outcomes.ts";
import { findWrongTokens } from "./wrong_tokens.ts";

/** Something about logins that must not be. */
export interface LoginFinding {
  /** Of which sort. */
  readonly kind: "lost login" | "unequal outcomes" | "wrong token";
  /** Whose login. */
  readonly openId: string;
  /** What is wrong. */
  readonly reason: string;
  /** The call that it is about. */
  readonly call?: ObservedCall | undefined;
  /** What callers were told. */
  readonly told?: unknown;
}

/** What the checker finds about logins. */
export interface LoginsFound {
  readonly findings: readonly LoginFinding[];
  /** Logins and grants whose answers were lost on the way, and that were reported as such. */
  readonly reported: number;
}

/** Checks the logins of a run; nothing where it had none. */
export function findInLogins(run: ObservedRun, factsOf: FactsOf): LoginsFound {
  const { logins } = run;
  if (logins === undefined) return { findings: [], reported: 0 };
  const inLogins = findLostLogins(run, logins, factsOf);
  const inGrants = findLostGrants(run, logins, factsOf);
  return {
    findings: [
      ...inLogins.findings,
      ...inGrants.findings,
      ...findUnequalOutcomes(logins),
      ...findWrongTokens(run, logins),
    ],
    reported: inLogins.reported + inGrants.reported,
  };
}
