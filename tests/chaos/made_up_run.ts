import { defined } from "../../src/defined.ts";
import type { FinalAnswer, ObservedRun, Span } from "../../chaos/checker/observed_run.ts";
import type { Life } from "../../chaos/checker/life.ts";
import type { ObservedCall } from "../../chaos/checker/observed_call.ts";

/** The first three refresh tokens of one login, by hash. */
export const TOKENS = ["r1", "r2", "r3"] as const;

/** What is particular to one made-up call. */
export type CallFacts = { readonly [K in Exclude<keyof ObservedCall, "seq">]?: ObservedCall[K] | undefined };

/** A call of the process `p` that presents `r1` at 1000 ms and is answered with a pair at 1010 ms, unless `facts` say so. */
export function call(facts: CallFacts = {}): CallFacts {
  return { process: "p", presented: "r1", beganMs: 1_000, endedMs: 1_010, end: "answered", ...facts };
}

/** The same call by somebody else, `q`, at `beganMs`, refused as spent. */
export function again(beganMs: number, facts: CallFacts = {}): CallFacts {
  return call({ process: "q", beganMs, endedMs: beganMs + 5, outcome: "refused", code: 20064, ...facts });
}

/** A call that asks for an app token. */
export function appCall(process: string, beganMs: number, endedMs: number): CallFacts {
  return { path: "app_access_token", process, beganMs, endedMs, end: "answered" };
}

/** What a made-up run is made of. */
export interface MadeUp {
  readonly calls?: readonly CallFacts[];
  /** What was done to `p`. */
  readonly p?: Partial<Life>;
  /** What is known of `q`, who calls after it. */
  readonly q?: Partial<Life>;
  readonly served?: readonly string[];
  readonly outages?: readonly Span[];
  /** How many refresh tokens the login has had. */
  readonly issued?: number;
  /** What both callers were told in the end; by default the newest pair. */
  readonly told?: readonly FinalAnswer[];
}

/** ObservedRun of one login that was renewed once by `p`, and whatever else `madeUp` says. */
export function run(madeUp: MadeUp = {}): ObservedRun {
  const tokens = TOKENS.slice(0, madeUp.issued ?? 2).map((hash) => ({ hash, endsAtSeconds: 10_000 }));
  const newest: FinalAnswer = { kind: "pair", refreshToken: tokens.at(-1)?.hash ?? "" };
  return {
    calls: (madeUp.calls ?? [call()]).map((facts, index) => observed(index + 1, facts)),
    families: [{ id: 1, tokens }],
    lives: new Map([
      ["p", { name: "p", machine: "a", stops: [], ...madeUp.p }],
      ["q", { name: "q", machine: "a", stops: [], ...madeUp.q }],
    ]),
    served: new Set(madeUp.served ?? []),
    outages: madeUp.outages ?? [],
    finals: new Map([[1, madeUp.told ?? [newest, newest]]]),
    nowMs: 200_000,
  };
}

/** What is under way has no end, rather than one that is undefined. */
function observed(seq: number, facts: CallFacts): ObservedCall {
  const { endedMs, end, presented, grantType } = facts;
  return {
    seq,
    path: facts.path ?? "oauth/token",
    process: facts.process ?? "p",
    beganMs: facts.beganMs ?? 0,
    atSeconds: facts.atSeconds ?? 0,
    outcome: facts.outcome ?? "accepted",
    code: facts.code === undefined ? 0 : facts.code,
    logId: `log-${seq}`,
    ...defined({ presented, grantType }),
    ...(endedMs === undefined ? {} : { endedMs }),
    ...(end === undefined ? {} : { end }),
  };
}
