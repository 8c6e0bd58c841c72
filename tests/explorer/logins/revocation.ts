import type { PairName } from "../pair_name.ts";
import type { Waiter } from "../schedule_points.ts";

/** One request to revoke a token. Times are milliseconds of virtual time. */
export interface Revocation {
  readonly by: Waiter;
  readonly token: PairName;
  readonly sentMs: number;
  /** When Feishu had ended what it ends. */
  decidedMs?: number;
}
