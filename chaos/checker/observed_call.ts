/** `grant_type` of a poll of the device flow. */
export const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

/** A call as the simulated Feishu has recorded it, in the milliseconds of the harness's monotonic clock. */
export interface ObservedCall {
  /** Counts the calls in the order of their arrival. */
  readonly seq: number;
  /** Without the query. */
  readonly path: string;
  /** The process that made it. */
  readonly process: string;
  /** As sent. */
  readonly grantType?: string;
  /** Hash of the refresh token or device code presented, or of the token to revoke. */
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

/** Whether it presents a refresh token or a device code: what brings a pair once. */
export function isPresentation({ presented, path }: ObservedCall): boolean {
  return presented !== undefined && !path.endsWith("/revoke");
}

/** Whether it is a poll of the device flow. */
export function isPoll({ grantType }: ObservedCall): boolean {
  return grantType === DEVICE_GRANT;
}

/** Whether it asks for an app token. */
export function isForAppToken({ path }: ObservedCall): boolean {
  return path.includes("app_access_token");
}

/** Whether it presents a refresh token. */
export function isRefresh(call: ObservedCall): boolean {
  return isPresentation(call) && !isPoll(call);
}
