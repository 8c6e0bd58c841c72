/**
 * A call as the simulated Feishu has recorded it, in the milliseconds of the harness's monotonic clock. Calls without a
 * refresh token are those for an app token.
 */
export interface ObservedCall {
  /** Counts the calls in the order of their arrival. */
  readonly seq: number;
  /** Without the query. */
  readonly path: string;
  /** The process that made it. */
  readonly process: string;
  /** Hash of the refresh token presented. */
  readonly presented?: string;
  /** When it arrived. */
  readonly beganMs: number;
  /** The same by Feishu's own clock, which is moved, in Unix seconds. */
  readonly atSeconds: number;
  /** When it was over for the process; absent while it is under way. */
  readonly endedMs?: number;
  /** How it was over for the process. */
  readonly end?: "answered" | "cut" | "left";
  /** What Feishu did, whether or not any process learned of it. */
  readonly outcome: "accepted" | "refused" | "dropped_before" | "dropped_after" | "pending";
  /** Feishu's code, 0 for success; `null` where there is none. */
  readonly code: number | null;
  /** The log id under which Feishu knows it. */
  readonly logId: string;
}

/** Whether Feishu issued something by this call. */
export function hasIssued(call: ObservedCall): boolean {
  return call.code === 0 && (call.outcome === "accepted" || call.outcome === "dropped_after");
}
