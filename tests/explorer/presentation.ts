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
  /** Whether its outcome stays unknown to the presenter: timed out, cut, unreadable, or never sent. */
  isLost: boolean;
}

/** Whether Feishu has issued a pair for it. */
export function issuedFor({ decision }: Presentation): PairName | undefined {
  return decision !== undefined && "issued" in decision ? decision.issued : undefined;
}
