import { type Life, ranMs } from "./life.ts";
import { isPresentation, type ObservedCall } from "./observed_call.ts";

/** Reading an answer and flushing its pair to disk takes milliseconds; a busy machine is given this long. */
export const READ_WITHIN_MS = 2_000;
const TIMER_SLACK_MS = 500;

/** The bounds that the documentation promises. Not imported from the code: a lease that is made too short must be noticed. */
interface Bounds {
  /** A process that lives waits this long for an answer. */
  readonly attemptTimeoutMs: number;
  /** What is left of the lease when a request leaves. */
  readonly leaseLeftMs: number;
}

const SPENDING: Bounds = { attemptTimeoutMs: 30_000, leaseLeftMs: 37_000 };
const APP: Bounds = { attemptTimeoutMs: 10_000, leaseLeftMs: 17_000 };

/** The ways in which an answer may be lost. */
export type LossCause =
  | "the connection was cut"
  | "its process had waited as long as it waits"
  | "its process was killed"
  | "its process was killed, and another machine cannot see what it knew"
  | "its process was stopped for longer than its lease";

/** An answer that its process has not read, as far as other processes can know. */
export interface LostAnswer {
  /** How it was lost. */
  readonly cause: LossCause;
  /** From when on the outcome may be taken as unknown. */
  readonly sinceMs: number;
}

/** What is known about the answer to one call. */
export interface AnswerFacts {
  readonly call: ObservedCall;
  /** The process that made it. */
  readonly life: Life;
  /** Whether the pair that it issued was seen again: given to a caller, or presented in turn. */
  readonly wasKept: boolean;
  /** When the refresh token that it issued ends, by Feishu's own clock, in Unix seconds. No process keeps it for longer. */
  readonly keptUntilSeconds: number;
}

/** What is known of the answer to a call. */
export type FactsOf = (call: ObservedCall) => AnswerFacts;

/**
 * Whether the answer to a call is lost for a process on `machine` at `nowMs`; `null` when the process that made the call
 * has it, or could still get it.
 */
export function lostAnswer(facts: AnswerFacts, machine: string, nowMs: number): LostAnswer | null {
  const { call, life, wasKept } = facts;
  const bounds = isPresentation(call) ? SPENDING : APP;
  const leaseOverMs = call.beganMs + bounds.leaseLeftMs;
  const endedMs = call.endedMs ?? Infinity;
  const end = endedMs <= nowMs ? call.end : undefined;
  if (end === "cut") return { cause: "the connection was cut", sinceMs: endedMs };
  const hadIt = end === "answered" && ranMs(life, endedMs, nowMs) > READ_WITHIN_MS;
  if (life.killedMs !== undefined && life.killedMs <= nowMs) {
    if (!hadIt && !wasKept) return { cause: "its process was killed", sinceMs: life.killedMs };
    return machine === life.machine ? null : {
      cause: "its process was killed, and another machine cannot see what it knew",
      sinceMs: leaseOverMs,
    };
  }
  if (end === "left") return givenUp(call, bounds);
  // It lives. While it is stopped, its lease protects its token, and no longer.
  const couldGiveUp = ranMs(life, call.beganMs, nowMs) > bounds.attemptTimeoutMs;
  return hadIt || couldGiveUp
    ? null
    : { cause: "its process was stopped for longer than its lease", sinceMs: leaseOverMs };
}

/** A process that lives may give up at its timeout only: earlier it throws an answer away. */
function givenUp(call: ObservedCall, { attemptTimeoutMs }: Bounds): LostAnswer | null {
  const endedMs = call.endedMs ?? call.beganMs;
  if (endedMs - call.beganMs < attemptTimeoutMs - TIMER_SLACK_MS) return null;
  return { cause: "its process had waited as long as it waits", sinceMs: endedMs };
}
