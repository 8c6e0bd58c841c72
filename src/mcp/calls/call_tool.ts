import type { Audience } from "../../errors/audience.ts";
import { errorClass } from "../../errors/error_class.ts";
import { internalError } from "../../errors/internal_error.ts";
import { stackFrames } from "../../errors/stack_frames.ts";
import { TokenError } from "../../errors/token_error.ts";
import type { RepeatedLines } from "../../log/repeated_lines.ts";
import { inputError } from "./input_error.ts";
import { lenientArguments } from "./lenient_arguments.ts";
import type { CallToolResult } from "../messages/sdk.ts";
import type { Tool, ToolContext } from "../contract/tool.ts";
import { errorResult, successResult } from "./tool_result.ts";

/** What {@linkcode callTool} needs. */
export interface ToolCall {
  /** From the table. */
  readonly tool: Tool;
  /** Not validated yet. */
  readonly args: unknown;
  /** Handed on to the tool. */
  readonly context: ToolContext;
  /** Named by the error result of an unexpected failure, so that its log lines can be found. */
  readonly requestId: string;
  /** Limits the log lines of refusals, which any caller can cause; without it every one is written. */
  readonly repeated?: RepeatedLines | undefined;
}

/** Validates the arguments and runs the tool. Every failure becomes an error result: the promise never rejects. */
export async function callTool(call: ToolCall): Promise<CallToolResult> {
  const { tool, args, context } = call;
  try {
    const { refresh } = context.credentials;
    if (refresh !== undefined) await refresh();
    const read = lenientArguments(tool, args);
    const parsed = tool.input().safeParse(read);
    if (!parsed.success) throw inputError(tool, read, parsed.error);
    const result = successResult(await tool.handler(parsed.data, context));
    context.log.debug("tool answered", { tool: tool.name });
    return result;
  } catch (error) {
    const failure = error instanceof TokenError ? refused(error, call) : failed(error, call);
    return errorResult(failure, audienceOf(context));
  }
}

/** The brand comes from the credentials. Reading them may throw, since missing ones may be the failure to show. */
function audienceOf({ language, credentials }: ToolContext): Audience {
  try {
    return { language, brand: credentials().brand };
  } catch {
    return { language };
  }
}

function refused(error: TokenError, { tool, context, repeated }: ToolCall): TokenError {
  const { feishuCode, logId, cause } = error.detail;
  const fields = { tool: tool.name, code: error.code, feishu_code: feishuCode };
  // Lines that are only counted lose the log id. The line "no token from Feishu" of each such call has it too.
  const first = { feishu_log_id: logId, cause: cause === undefined ? undefined : errorClass(cause) };
  const event = "tool refused";
  if (repeated === undefined) context.log.info(event, { ...fields, ...first });
  else {
    const kind = `${event} ${tool.name} ${error.code} ${feishuCode}`;
    repeated.write(context.log, { kind, level: "info", event, fields, first });
  }
  return error;
}

function failed(error: unknown, { tool, context, requestId }: ToolCall): TokenError {
  if (context.signal?.aborted && error === context.signal.reason) {
    context.log.debug("tool caller gone", { tool: tool.name });
  } else {
    // Without the message: that of a parser's error quotes its input, which may hold a secret.
    context.log.error("tool failed", { tool: tool.name, error: errorClass(error) });
    context.log.debug("tool failed at", { at: stackFrames(error) });
  }
  return internalError(requestId, error);
}
