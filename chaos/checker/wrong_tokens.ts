import type { LoginFinding } from "./login_findings.ts";
import type { ObservedLogin, ObservedLogins, ObservedUserToken } from "./observed_logins.ts";
import type { ObservedRun } from "./observed_run.ts";
import { isWithin } from "./is_within.ts";

/**
 * Checks each user token that a caller was given: it works; it is not of a login that was ended by a logout before it was
 * asked for; it is not of an earlier login than a token that was given before it was asked for. While the store is away a
 * process serves what it remembers.
 */
export function findWrongTokens(run: ObservedRun, logins: ObservedLogins): LoginFinding[] {
  return logins.tokens.flatMap((token): LoginFinding[] => {
    const { openId, authTime, askedMs, answeredMs, feishuCode } = token;
    if (authTime === undefined) return [];
    const found = (reason: string): LoginFinding => ({ kind: "wrong token", openId, reason, told: token });
    if (feishuCode !== undefined && feishuCode !== 0) return [found(`Feishu answers it with ${feishuCode}`)];
    if (isWithin(run.outages, askedMs) || isWithin(run.outages, answeredMs)) return [];
    const login = loginOf(token, logins);
    if (login === undefined) return [found("of a login that nobody has agreed to")];
    const wasEnded = logins.logouts.some((logout) =>
      logout.openId === openId && logout.answeredMs < askedMs && logout.askedMs > (login.approved?.atMs ?? 0)
    );
    if (wasEnded) return [found("of a login that a logout had ended")];
    const isOlder = logins.tokens.some((other) =>
      other.openId === openId && other.answeredMs < askedMs && (other.authTime ?? 0) > authTime
    );
    return isOlder ? [found("of an earlier login than one before")] : [];
  });
}

/** The login that a token is of. */
export function loginOf(
  { openId, authTime = -1 }: ObservedUserToken,
  { logins }: ObservedLogins,
): ObservedLogin | undefined {
  return logins.find(({ openId: person, approved }) =>
    person === openId && approved !== undefined && authTime >= Math.floor(approved.fromSeconds) &&
    authTime <= Math.floor(approved.toSeconds)
  );
}
