import type { AnswerStep, IssuedPair } from "./feishu_answer.ts";

/** One way to answer a refresh. */
export interface HostileCase {
  readonly name: string;
  /** Whether a pair can be read in the answer, so that the caller must get it. Otherwise a clear error will do. */
  readonly holdsPair: boolean;
  /** Whether it takes most of a minute to give up. */
  readonly isSlow?: boolean;
  /** Whether its pair is at its end, so that a caller must be warned. */
  readonly isEnding?: boolean;
  /** The answer, step by step. `thief` is an address that nothing may be sent to. */
  readonly answer: (pair: IssuedPair, thief: string) => readonly AnswerStep[];
}
