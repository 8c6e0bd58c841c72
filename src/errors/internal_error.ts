import { TokenError } from "./token_error.ts";

/** The failure for an unexpected error, which the log describes under the request id. */
export function internalError(requestId: string, cause: unknown): TokenError {
  return new TokenError("internal_error", {
    detail: { en: `request id ${requestId}`, zh: `请求 ID ${requestId}` },
    cause,
  });
}
