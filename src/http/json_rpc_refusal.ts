import { defined } from "../defined.ts";

/** Error codes of JSON-RPC and of MCP; `refused` is the one that MCP's SDKs use for HTTP refusals. */
export const JSON_RPC_CODE = {
  refused: -32000,
  headerMismatch: -32020,
  unsupportedRevision: -32022,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  parseError: -32700,
} as const;

/** What a refusal on `/mcp` says. */
export interface JsonRpcRefusal {
  /** The HTTP status. */
  readonly status: number;
  /** The JSON-RPC code. */
  readonly code: number;
  /** In sentence case. It never quotes the caller. */
  readonly message: string;
  /** Details for programs. They never quote the caller. */
  readonly data?: unknown;
  /** Added to the content type. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Makes the refusal of a request whose JSON-RPC message was not read: an error object whose id is null. */
export function jsonRpcRefusal({ status, code, message, data, headers }: JsonRpcRefusal): Response {
  return Response.json(
    { jsonrpc: "2.0", error: { code, message, ...defined({ data }) }, id: null },
    { status, headers: { ...headers } },
  );
}
