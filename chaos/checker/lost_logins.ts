import { isOfLogin, pollOf } from "./families_of_logins.ts";
import type { LoginFinding, LoginsFound } from "./login_findings.ts";
import { type FactsOf, lostAnswer } from "./lost_answer.ts";
import type { ObservedLogin, ObservedLogins } from "./observed_logins.ts";
import type { ObservedFamily, ObservedRun } from "./observed_run.ts";

/**
 * Checks that each login to which a person agreed was done in the end, or `login_outcome_unknown` where Feishu's answer with
 * the pair was lost on the way; and that one to which the person said no was denied.
 */
export function findLostLogins(run: ObservedRun, { logins }: ObservedLogins, factsOf: FactsOf): LoginsFound {
  const findings: LoginFinding[] = [];
  let reported = 0;
  for (const login of logins) {
    const family = run.families.find((each) => isOfLogin(each, login));
    const verdict = judge(login, family, run, factsOf);
    if (verdict === "reported") reported++;
    else if (verdict !== null) {
      const call = family === undefined ? undefined : pollOf(family, run);
      findings.push({ kind: "lost login", openId: login.openId, reason: verdict, call, told: login });
    }
  }
  const isUnasked = (family: ObservedFamily): boolean =>
    family.redeemed !== undefined && !logins.some((login) => isOfLogin(family, login));
  for (const family of run.families.filter(isUnasked)) {
    const openId = family.openId ?? "";
    findings.push({ kind: "lost login", openId, reason: "granted, and nobody had agreed", told: family });
  }
  return { findings, reported };
}

/** What is wrong; `null` for nothing, `reported` for a loss that could not be helped. */
function judge(
  { approved, isDenied, outcomes }: ObservedLogin,
  family: ObservedFamily | undefined,
  run: ObservedRun,
  factsOf: FactsOf,
): string | null {
  if (approved === undefined && !isDenied) return null;
  const last = outcomes.at(-1);
  if (last === undefined) return "nobody was told its outcome";
  if (isDenied) return last.code === "login_denied" ? null : `denied, and told as ${last.code}`;
  if (last.code === "done") return family === undefined ? "done, and Feishu has issued nothing" : null;
  if (family === undefined) return `${last.code}, and Feishu would have issued the pair`;
  if (last.code !== "login_outcome_unknown") return `Feishu has issued the pair, and told is ${last.code}`;
  const call = pollOf(family, run);
  if (call === undefined) return "its poll is not in the record";
  const facts = factsOf(call);
  const isLost = lostAnswer(facts, facts.life.machine, run.nowMs) !== null;
  return isLost ? "reported" : "told as unknown, though its process had the pair";
}
