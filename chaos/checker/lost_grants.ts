import { PASSING_ERRORS } from "../passing_errors.ts";
import { isOfLogin, newestCallOf } from "./families_of_logins.ts";
import { renewedTooEarly } from "./renewed_too_early.ts";
import type { LoginFinding, LoginsFound } from "./login_findings.ts";
import { type FactsOf, lostAnswer } from "./lost_answer.ts";
import type { ObservedLogin, ObservedLogins, ObservedUserToken } from "./observed_logins.ts";
import type { ObservedFamily, ObservedRun } from "./observed_run.ts";

/**
 * Checks each error about the token of a person who was logged in and with whom nothing else happened: it must be
 * `rotation_outcome_unknown` with a log id, and a rotation of the grant must have been lost on the way. Checks also that
 * keep-alive has renewed nobody's grant before its time.
 */
export function findLostGrants(run: ObservedRun, logins: ObservedLogins, factsOf: FactsOf): LoginsFound {
  const findings: LoginFinding[] = [];
  let reported = 0;
  for (const answer of logins.tokens.filter(({ isAlone, error }) => isAlone && error !== undefined)) {
    const { openId, error = "", askedMs } = answer;
    if (PASSING_ERRORS.has(error)) continue;
    const before = logins.logins.filter((login) => login.openId === openId && login.startedMs < askedMs);
    const family = keptFamily(before, run);
    const call = family === undefined ? undefined : newestCallOf(family, run);
    const reason = judge(answer, before, call === undefined ? undefined : factsOf(call), run, logins);
    if (reason === null) reported++;
    else findings.push({ kind: "lost login", openId, reason, call, told: answer });
  }
  const early = run.families.filter(({ openId = "" }) => logins.sleepers.has(openId))
    .flatMap((family) => renewedTooEarly(family, run.calls, logins.finalFromMs));
  return { findings: [...findings, ...early], reported };
}

/** The family of the newest of these logins that was done. */
function keptFamily(logins: readonly ObservedLogin[], run: ObservedRun): ObservedFamily | undefined {
  const kept = logins.findLast(({ outcomes }) => outcomes.at(-1)?.code === "done");
  return kept === undefined ? undefined : run.families.find((family) => isOfLogin(family, kept));
}

function judge(
  { error = "", logId, answeredMs }: ObservedUserToken,
  before: readonly ObservedLogin[],
  facts: ReturnType<FactsOf> | undefined,
  run: ObservedRun,
  { killsEarlier }: ObservedLogins,
): string | null {
  // Feishu has ended the kept login by a later one, of which nobody knows the tokens.
  const last = before.at(-1)?.outcomes.at(-1)?.code;
  if (killsEarlier && last === "login_outcome_unknown") return null;
  if (error !== "rotation_outcome_unknown") return `a person who was logged in was told ${error}`;
  if (logId === undefined) return "a person was told that the outcome is unknown, without a log id";
  if (facts === undefined) return "reported as unknown, and never presented";
  const isLost = lostAnswer(facts, facts.life.machine, Math.min(answeredMs, run.nowMs)) !== null;
  return isLost ? null : "its process had the pair, and it is gone all the same";
}
