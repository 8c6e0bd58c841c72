import type { JSONRPCRequest } from "./sdk.ts";
import type { McpCall, Toolbox } from "./toolbox.ts";

/** Answers a request without the SDK's server, as JSON; `undefined` where the request is not one of the plain ones. */
export type PlainRequests = (
  request: JSONRPCRequest,
  call: McpCall,
  signal: AbortSignal,
) => string | Promise<string> | undefined;

const TOOL_PARAMETERS: ReadonlySet<string> = new Set(["name", "arguments"]);

/**
 * Makes the short way for what nearly every request is: `tools/list` without parameters, and `tools/call` of a tool that
 * there is, with nothing but its arguments. It costs a third of the way through the SDK's server, which checks every
 * message against five schemas and makes an `AbortController` for it (docs/benchmarks.md).
 *
 * The answers are, byte for byte, those of the SDK's server, which answers everything else.
 */
export function createPlainRequests(toolbox: Toolbox): PlainRequests {
  let list: string | undefined;

  return ({ id, method, params }, call, signal) => {
    if (method === "tools/list") {
      if (params !== undefined && Object.keys(params).length > 0) return undefined;
      return answer(id, list ??= JSON.stringify({ tools: toolbox.list }));
    }
    if (method !== "tools/call" || params === undefined) return undefined;
    const { name, arguments: args = {} } = params;
    if (typeof name !== "string" || !isObject(args)) return undefined;
    const tool = toolbox.find(name);
    if (tool === undefined || Object.keys(params).some((key) => !TOOL_PARAMETERS.has(key))) return undefined;
    return toolbox.call(tool, args, call, signal).then((result) => answer(id, JSON.stringify(result)));
  };
}

/** In the order in which the SDK's server writes it. */
function answer(id: JSONRPCRequest["id"], result: string): string {
  return `{"result":${result},"jsonrpc":"2.0","id":${JSON.stringify(id)}}`;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
