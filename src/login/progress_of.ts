import { TokenError } from "../errors/token_error.ts";
import type { LoginProgress } from "../ports/logins.ts";
import type { LoginRecord } from "./login_record.ts";

/** When it may be known whose a pair is, in milliseconds. */
const IDENTIFYING_MS = 2_000;

/**
 * How a login stands at `nowMs`, Unix milliseconds.
 *
 * @param problem why it does not go on now.
 * @throws TokenError why it has failed.
 */
export function progressOf(login: LoginRecord, nowMs: number, problem?: TokenError): LoginProgress {
  const { phase, outcome, failure, narrower, who, expiresAtMs, intervalMs } = login;
  if (phase === "failed") {
    const { code, ...detail } = failure ?? { code: "login_outcome_unknown" };
    throw new TokenError(code, detail);
  }
  if (phase === "done" && outcome !== undefined) {
    return {
      kind: "done",
      login: outcome.login,
      missingScopes: outcome.missing,
      ...(outcome.warning === undefined ? {} : { warning: new TokenError(outcome.warning) }),
    };
  }
  if (phase === "narrower" && narrower !== undefined && who !== undefined && nowMs < narrower.decideByMs) {
    const { kept, offered, decideByMs } = narrower;
    const { openId, name, tenantKey } = who;
    return {
      kind: "narrower",
      user: {
        openId,
        ...(name === undefined ? {} : { name }),
        ...(tenantKey === undefined ? {} : { tenantKey }),
      },
      keptScopes: kept,
      newScopes: offered,
      lostScopes: kept.filter((scope) => !offered.includes(scope)),
      decideByMs,
    };
  }
  const isApproved = phase !== "waiting";
  return {
    kind: "pending",
    retryAfterMs: problem?.detail.retryAfterMs ?? (isApproved ? IDENTIFYING_MS : intervalMs),
    expiresAtMs,
    isApproved,
    ...(problem === undefined ? {} : { problem }),
  };
}
