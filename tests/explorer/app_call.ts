import type { Waiter } from "./schedule_points.ts";

/** One request for an app token. Times are milliseconds of virtual time. */
export interface AppCall {
  readonly by: Waiter;
  readonly sentMs: number;
  /** Whether the process had read a lease of its own: it need not, while the store is away. */
  hasLease: boolean;
  /** Whether it was answered or given up. */
  isOver: boolean;
}
