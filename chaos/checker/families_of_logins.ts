import { hasIssued, isPoll, type ObservedCall } from "./observed_call.ts";
import type { ObservedLogin } from "./observed_logins.ts";
import type { ObservedFamily, ObservedRun } from "./observed_run.ts";

/** Whether a family was authorized when the person of `login` agreed to it. */
export function isOfLogin(family: ObservedFamily, { openId, approved }: ObservedLogin): boolean {
  const atSeconds = family.authorizedAtSeconds ?? -Infinity;
  return family.redeemed !== undefined && family.openId === openId && approved !== undefined &&
    atSeconds >= approved.fromSeconds && atSeconds <= approved.toSeconds;
}

/** The call that brought the newest pair of a family: a refresh, or the poll of the device flow. */
export function newestCallOf(family: ObservedFamily, run: ObservedRun): ObservedCall | undefined {
  const presented = family.tokens.at(-2)?.hash ?? family.redeemed;
  return run.calls.find((call) => hasIssued(call) && call.presented === presented);
}

/** The poll by which a family was issued. */
export function pollOf({ redeemed }: ObservedFamily, run: ObservedRun): ObservedCall | undefined {
  return run.calls.find((call) => isPoll(call) && hasIssued(call) && call.presented === redeemed);
}
