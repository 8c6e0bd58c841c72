import { type Answer, jsonAnswer } from "./answer.ts";
import { OAUTH_ERRORS } from "./oauth_errors.ts";
import { isPolicyCode, policyRefusal } from "./policy_refusal.ts";

/** The four forms of Feishu's refusals, by the part of Feishu that answers. */
export type RefusalShape = "auth_v3" | "legacy" | "oauth" | "gateway";

/** The code for too many calls, the same in every part. */
export const RATE_LIMIT_CODE = 99991400;

/** What a refusal may have besides its code. */
export interface RefusalDetail {
  /** Replaces the usual HTTP status. */
  readonly status?: number | undefined;
  /** In addition to the usual ones. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Of a refusal of a security policy. */
  readonly challengeUrl?: string | undefined;
}

/** Feishu's texts for the codes that the newer endpoints do not have. */
const MESSAGES: ReadonlyMap<number, string> = new Map([
  [2200, "Internal Error"],
  [10003, "invalid param"],
  [10014, "app secret invalid"],
  [20013, "The tenant access token passed is invalid. Please check the value."],
  [20014, "The app access token passed is invalid. Please check the value."],
  [210506, "no such app"],
  [210508, "insufficient permission level"],
  [99991401, "ip 127.0.0.1 is denied by app setting"],
  [99991661, "Missing access token for authorization. Please make a request with token attached."],
  [99991663, "Invalid access token for authorization. Please make a request with token attached."],
  [99991668, "Invalid access token for authorization. Please make a request with token attached."],
  [99991677, "Authentication token expired. Please request a new one."],
]);

/** Feishu's refusal with `code`, in the form of the part that answers. */
export function refusal(
  shape: RefusalShape,
  code: number,
  logId: string,
  detail: RefusalDetail = {},
): Answer {
  const { headers, challengeUrl } = detail;
  const status = detail.status ?? usualStatus(shape, code);
  if (isPolicyCode(code)) {
    return jsonAnswer(
      status,
      policyRefusal(shape === "oauth" ? "flat" : "nested", { code, challengeUrl }),
      headers,
    );
  }
  const msg = MESSAGES.get(code) ?? OAUTH_ERRORS.get(code)?.description ?? "unknown error";
  switch (shape) {
    case "auth_v3":
      return jsonAnswer(status, code === 10003 ? { code, data: {}, msg } : { code, msg }, headers);
    case "legacy":
      return jsonAnswer(status, { code, msg }, headers);
    case "oauth": {
      const error = OAUTH_ERRORS.get(code)?.error ?? (status >= 500 ? "server_error" : "invalid_request");
      return jsonAnswer(status, { error, error_description: msg, code }, headers);
    }
    case "gateway":
      return jsonAnswer(status, { code, msg, error: { log_id: logId } }, headers);
  }
}

function usualStatus(shape: RefusalShape, code: number): number {
  if (code === RATE_LIMIT_CODE) return 429;
  // The status of these is not known.
  if (isPolicyCode(code)) return 400;
  switch (shape) {
    case "auth_v3":
      return 200;
    case "legacy":
      return code === 20050 ? 500 : 200;
    case "oauth":
      return OAUTH_ERRORS.get(code)?.status ?? 400;
    case "gateway":
      // A code below the gateway's own range means that the service behind it failed.
      return code >= 99990000 ? 400 : 500;
  }
}
