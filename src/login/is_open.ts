import { SPENDING_LIMITS } from "../tokens/renewal/limits.ts";
import { isFinal, type LoginRecord } from "./login_record.ts";

/** Tolerated difference between the clocks of two machines, in milliseconds. */
const SKEW_MS = 60_000;

/**
 * Whether a pair may still come out of a login at `nowMs` (Unix milliseconds). A login of an unknown outcome stays open
 * until its code has ended and a last presentation must be over: the pair may be in the journal of another machine.
 */
export function isOpen(login: LoginRecord, nowMs: number): boolean {
  // By a clock that is ahead of that of the process which reopens it, too.
  return !isFinal(login) || isReopenable(login, nowMs - SKEW_MS);
}

/** Whether a login that has failed goes on where its pair turns up. */
export function isReopenable({ phase, failure, expiresAtMs }: LoginRecord, nowMs: number): boolean {
  return phase === "failed" && failure?.code === "login_outcome_unknown" &&
    nowMs < expiresAtMs + SPENDING_LIMITS.lifeMs + SKEW_MS;
}
