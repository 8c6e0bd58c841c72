import { type Answer, jsonAnswer } from "./answer.ts";
import { OAUTH_ERRORS } from "./oauth_errors.ts";

/** The four shapes in which Feishu says no, by the part of it that says so. */
export type RefusalShape = "auth_v3" | "legacy" | "oauth" | "gateway";

/** The code for too many calls, everywhere. */
export const RATE_LIMIT_CODE = 99991400;

/** What a refusal may have beside its code. */
export interface RefusalDetail {
  /** HTTP status in place of the usual one. */
  readonly status?: number | undefined;
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The codes of the older parts that the newer ones do not have, with the words Feishu puts to them. */
const MESSAGES: ReadonlyMap<number, string> = new Map([
  [2200, "Internal Error"],
  [10003, "invalid param"],
  [10014, "app secret invalid"],
  [20013, "The tenant access token passed is invalid. Please check the value."],
  [20014, "The app access token passed is invalid. Please check the value."],
  [99991661, "Missing access token for authorization. Please make a request with token attached."],
  [99991663, "Invalid access token for authorization. Please make a request with token attached."],
  [99991668, "Invalid access token for authorization. Please make a request with token attached."],
  [99991677, "Authentication token expired. Please request a new one."],
]);

/** Feishu's refusal with `code`, in the shape of the part that is asked. */
export function refusal(
  shape: RefusalShape,
  code: number,
  logId: string,
  detail: RefusalDetail = {},
): Answer {
  const { headers } = detail;
  const status = detail.status ?? usualStatus(shape, code);
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
  switch (shape) {
    case "auth_v3":
      return 200;
    case "legacy":
      return code === 20050 ? 500 : 200;
    case "oauth":
      return OAUTH_ERRORS.get(code)?.status ?? 400;
    case "gateway":
      // Behind the gateway a code below its own range means that the service itself failed.
      return code >= 99990000 ? 400 : 500;
  }
}
