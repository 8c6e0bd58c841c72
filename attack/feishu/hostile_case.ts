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
  /**
   * Whether its refresh token leads back to one that was presented before, while its access token is about to end. It is
   * asked for once more when that has less than half a minute left.
   */
  readonly isLoop?: boolean;
  /** The answer, step by step. `thief` is an address that nothing may be sent to. */
  readonly answer: (pair: IssuedPair, thief: string) => readonly AnswerStep[];
}
