import { tokenHash } from "../src/sandbox/token_hash.ts";
import type { Callers } from "./callers.ts";
import type { Chain } from "./chains.ts";
import type { FinalAnswer, ObservedFamily } from "./checker/observed_run.ts";
import { PASSING_ERRORS } from "./passing_errors.ts";
import { pause } from "../harness/pause.ts";
import type { ServerProgram } from "./server_program.ts";
import type { ToolAnswer } from "./tool_answer.ts";

const ASK_AGAIN_MS = 500;
/** Longer than any lease or pause that a fault has left behind. */
const ASK_FOR_MS = 120_000;
const CHAINS_AT_ONCE = 8;

/**
 * Asks for every chain once more when all faults are over: with the newest refresh token that a caller holds and with the
 * oldest one that still leads to it, of two processes at the same time. The answers, by family.
 */
export async function askForEveryChain(
  chains: readonly Chain[],
  age: number,
  families: readonly ObservedFamily[],
  programs: readonly ServerProgram[],
  callers: Callers,
): Promise<Map<number, readonly FinalAnswer[]>> {
  const familyOf = new Map(families.map(({ id, tokens }) => [tokens[0]?.hash, id]));
  const finals = new Map<number, readonly FinalAnswer[]>();
  const queue = chains.entries();
  const work = async (): Promise<void> => {
    for (const [index, chain] of queue) {
      const ask = (token: string, offset: number): Promise<FinalAnswer> => {
        const program = programs[(index + offset) % programs.length];
        if (program === undefined) throw new RangeError("No process to ask");
        return finalAnswer(() => callers.ask(program, chain, token));
      };
      const id = familyOf.get(tokenHash(chain.first));
      if (id === undefined) throw new Error("A login that the sandbox does not know");
      finals.set(id, await Promise.all([ask(chain.newest, 0), ask(chain.oldestKnown(age), 1)]));
    }
  };
  await Promise.all(Array.from({ length: CHAINS_AT_ONCE }, work));
  return finals;
}

async function finalAnswer(ask: () => Promise<ToolAnswer>): Promise<FinalAnswer> {
  for (const untilMs = performance.now() + ASK_FOR_MS;;) {
    const answer = await ask();
    const passes = answer.kind === "error" && PASSING_ERRORS.has(answer.code);
    if (passes && performance.now() < untilMs) {
      await pause(ASK_AGAIN_MS);
      continue;
    }
    switch (answer.kind) {
      case "pair":
        return { kind: "pair", refreshToken: tokenHash(answer.refreshToken) };
      case "error":
        return answer;
      default:
        return { kind: "none" };
    }
  }
}
