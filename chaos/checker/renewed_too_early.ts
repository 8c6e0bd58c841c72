import type { LoginFinding } from "./login_findings.ts";
import { hasIssued, isRefresh, type ObservedCall } from "./observed_call.ts";
import type { ObservedFamily } from "./observed_run.ts";

/**
 * A grant is due when half of its refresh token's seven days have passed, up to a tenth of them earlier; the clocks of two
 * processes may be 20 minutes apart. Not imported from the code: a period that is made too short must be noticed.
 */
const LEAST_APART_SECONDS = 0.4 * 7 * 86_400 - 1_500;

/** The renewals of a grant before `untilMs`, which nobody had asked for, and that came before it was due again. */
export function renewedTooEarly(
  family: ObservedFamily,
  calls: readonly ObservedCall[],
  untilMs: number,
): LoginFinding[] {
  const tokens = new Set(family.tokens.map(({ hash }) => hash));
  let lastSeconds = family.authorizedAtSeconds ?? -Infinity;
  const renewals = calls.filter((call) =>
    isRefresh(call) && hasIssued(call) && call.beganMs < untilMs && tokens.has(call.presented ?? "")
  );
  return renewals.flatMap((call): LoginFinding[] => {
    const apartSeconds = call.atSeconds - lastSeconds;
    lastSeconds = call.atSeconds;
    if (apartSeconds >= LEAST_APART_SECONDS) return [];
    const reason = `renewed ${
      (apartSeconds / 86_400).toFixed(2)
    } days after the time before, and nobody asked`;
    return [{ kind: "wrong token", openId: family.openId ?? "", reason, call, told: family }];
  });
}
