import { type Audience, ENGLISH } from "../../errors/audience.ts";
import type { TokenError } from "../../errors/token_error.ts";
import type { CallToolResult } from "../messages/sdk.ts";

/** Where a failed result carries the error's report for programs. */
export const ERROR_META_KEY = "feishu-token/error";

/** A result that worked: structured, and the same JSON as text for clients that read only text. */
export function successResult(output: Record<string, unknown>): CallToolResult {
  return {
    content: [{ type: "text", text: JSON.stringify(output) }],
    structuredContent: output,
    // Optional in the protocol, and `null` to a client in Java where it is absent.
    isError: false,
  };
}

/**
 * A result that failed: a sentence with the next step, then the report as JSON. Without `structuredContent`, which the
 * official client would hold against the output schema, and throw away the whole answer.
 */
export function errorResult(error: TokenError, audience: Audience = ENGLISH): CallToolResult {
  const report = error.report(audience);
  // In the order in which the SDK's server writes the fields.
  return {
    _meta: { [ERROR_META_KEY]: report },
    content: [{ type: "text", text: `${error.sentence(audience)}\n${JSON.stringify(report)}` }],
    isError: true,
  };
}
