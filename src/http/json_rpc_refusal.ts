import { defined } from "../defined.ts";
/** JSON-RPC's error codes, and the protocol's own; `refused` is the one that the protocol's SDKs use for HTTP refusals. */
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
  /** Sentence case, never anything that the caller sent. */
  readonly message: string;
  /** More for programs; never anything that the caller sent. */
  readonly data?: unknown;
  /** Header fields besides the content type. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal that comes before a JSON-RPC message was understood: an error object whose id is null. */
export function jsonRpcRefusal({ status, code, message, data, headers }: JsonRpcRefusal): Response {
  return Response.json(
    { jsonrpc: "2.0", error: { code, message, ...defined({ data }) }, id: null },
    { status, headers: { ...headers } },
  );
}
