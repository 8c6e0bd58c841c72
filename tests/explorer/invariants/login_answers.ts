import type { LoginCall } from "../logins/login_call.ts";
import type { World } from "../world.ts";
import { codeOf } from "./login_pairs.ts";

/** A call ends with an answer or with an error that has a code. */
export function failsNoCallWithoutWords(_world: World, call: LoginCall): string | undefined {
  const { process, what, outcome } = call;
  if (outcome?.kind !== "broken") return undefined;
  const { error } = outcome;
  return `${process.label} fails "${what}" with ${error instanceof Error ? error.stack : String(error)}`;
}

/** Every `finish` of a login that was final when it was asked tells the end that the store has, or that it cannot be read. */
export function tellsOneOutcome({ loginHistory }: World, call: LoginCall): string | undefined {
  const { process, code, askedPhase, outcome } = call;
  const record = loginHistory.logins.get(code ?? "")?.record;
  if (code === undefined || record === undefined || outcome === undefined) return undefined;
  if (askedPhase !== "done" && askedPhase !== "failed") return undefined;
  // One that goes on where its pair turns up is not final.
  if (record.phase !== askedPhase) return undefined;
  const tells = `${process.label} tells of ${code}, which is ${record.phase} with ${record.failure?.code}:`;
  if (outcome.kind === "failed") {
    const { code: said } = outcome.error;
    if (said === "store_unavailable" || said === record.failure?.code) return undefined;
    // What is told of a login is told for a day.
    return said === "login_not_found" ? undefined : `${tells} ${said}`;
  }
  if (outcome.kind !== "told" || outcome.answer.kind !== "progress") return undefined;
  const { progress } = outcome.answer;
  if (progress.kind !== "done") return `${tells} ${progress.kind}`;
  const told = JSON.stringify([progress.login, progress.missingScopes, progress.warning?.code]);
  const { login, missing, warning } = record.outcome ?? {};
  const stored = JSON.stringify([login, missing, warning]);
  return told === stored ? undefined : `${tells} ${told}, and the store has ${stored}`;
}

/**
 * Nobody gets a token of a login whose logout was stored before they asked. A process that the store does not answer may
 * serve what it remembers.
 */
export function tellsNoTokenAfterLogout(
  { loginHistory, feishu }: World,
  call: LoginCall,
): string | undefined {
  const { process, outcome, hasDoubts, askedWrite } = call;
  if (outcome?.kind !== "told" || outcome.answer.kind !== "token" || hasDoubts) return undefined;
  const { pair } = outcome.answer;
  const code = codeOf(loginHistory.issued(), pair) ?? "";
  const person = feishu.logins.familyOf(pair)?.person ?? "";
  const began = loginHistory.logins.get(code)?.beganWrite ?? Infinity;
  const logout = loginHistory.logoutWrite(person);
  return began < logout && logout <= askedWrite
    ? `${process.label} was asked after the logout of ${person}, and answers with ${pair} of ${code}`
    : undefined;
}
