import type { Language } from "../../src/errors/language.ts";
import { TokenError } from "../../src/errors/token_error.ts";
import { errorResult } from "../../src/mcp/calls/tool_result.ts";

/** The text of a tool call that failed, as a client receives it. */
export function errorExample(language: Language): string {
  const error = new TokenError("min_ttl_unreachable", { expiresInMs: 7_199_000, retryAfterMs: 5_400_000 });
  const [text] = errorResult(error, { language }).content;
  if (text?.type !== "text") throw new TypeError("The first content of a failed call is not text");
  return ["```text", text.text, "```"].join("\n");
}
