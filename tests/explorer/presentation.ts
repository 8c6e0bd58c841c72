import type { PairName } from "./pair_name.ts";
import type { Waiter } from "./schedule_points.ts";

/** One presentation of a refresh token, as Feishu and the explorer saw it. Times are milliseconds of virtual time. */
export interface Presentation {
  readonly by: Waiter;
  readonly token: PairName;
  /** The last look at the clock. */
  readonly lookedMs: number;
  /** When the bytes left. */
  leftMs?: number;
  /** When Feishu had decided. */
  decidedMs?: number;
  /** What it decided: the pair issued, or its code. */
  decision?: { readonly issued: PairName } | { readonly refused: number };
  /** When the presenter had read the answer. */
  answeredMs?: number;
  /** Nobody will ever know what became of it: aborted at the timeout, cut, unreadable, or not sent at all. */
  isLost: boolean;
}

/** Whether Feishu has issued a pair for it. */
export function issuedFor({ decision }: Presentation): PairName | undefined {
  return decision !== undefined && "issued" in decision ? decision.issued : undefined;
}
