import { readToolReply, type ToolReply } from "./tool_reply.ts";

/** One call of a tool over HTTP. */
export interface ToolQuestion {
  /** The server's origin. */
  readonly origin: string;
  /** Name of the tool. */
  readonly tool: string;
  /** Its arguments. */
  readonly args?: unknown;
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>>;
  /** With its question mark. */
  readonly query?: string;
}

/** A server answers within 50 s whatever happens; a busy machine is given more. */
export const ANSWER_WITHIN_MS = 60_000;

/** The JSON-RPC message that calls a tool. */
export function toolMessage(tool: string, args: unknown, id: unknown = 1): string {
  return JSON.stringify({
    jsonrpc: "2.0",
    id,
    method: "tools/call",
    params: { name: tool, arguments: args },
  });
}

/** Calls a tool, each time on a connection of its own. Never rejects. */
export async function askTool(question: ToolQuestion): Promise<ToolReply> {
  const { origin, tool, args = {}, headers = {}, query = "" } = question;
  try {
    const response = await fetch(`${origin}/mcp${query}`, {
      method: "POST",
      headers: {
        accept: "application/json, text/event-stream",
        "content-type": "application/json",
        connection: "close",
        ...headers,
      },
      body: toolMessage(tool, args),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    return readToolReply(await response.text());
  } catch (error) {
    return { kind: "none", text: error instanceof Error ? error.message : String(error) };
  }
}

/** Presents a refresh token. */
export function askRefresh(
  origin: string,
  refreshToken: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<ToolReply> {
  return askTool({
    origin,
    tool: "refresh_feishu_user_token",
    args: { refresh_token: refreshToken },
    headers,
  });
}

/** Asks for an app token. */
export function askApp(origin: string, headers: Readonly<Record<string, string>> = {}): Promise<ToolReply> {
  return askTool({ origin, tool: "get_feishu_app_token", headers });
}
