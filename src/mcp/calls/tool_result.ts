import { type Audience, ENGLISH } from "../../errors/audience.ts";
import type { TokenError } from "../../errors/token_error.ts";
import type { CallToolResult } from "../messages/sdk.ts";

/** The member of an error result's `_meta` that holds the error's report, for programs. */
export const ERROR_META_KEY = "feishu-token/error";

/** Makes the result of a successful call: structured, and the same JSON as text for clients that read only text. */
export function successResult(output: Record<string, unknown>): CallToolResult {
  return {
    content: [{ type: "text", text: JSON.stringify(output) }],
    structuredContent: output,
    // Optional in the protocol, but the Java client reads an absent one as `null`.
    isError: false,
  };
}

/**
 * Makes the result of a failed call: a sentence with the next step, then the report as JSON. It has no
 * `structuredContent`: the official client would validate that against the output schema and drop the whole answer.
 */
export function errorResult(error: TokenError, audience: Audience = ENGLISH): CallToolResult {
  const report = error.report(audience);
  // In the order of the SDK's server.
  return {
    _meta: { [ERROR_META_KEY]: report },
    content: [{ type: "text", text: `${error.sentence(audience)}\n${JSON.stringify(report)}` }],
    isError: true,
  };
}
