import { JSON_RPC_CODE } from "../http/json_rpc_refusal.ts";
import type { Refusal } from "./messages/answer.ts";
import type { McpRequest } from "./messages/message.ts";
import { HANDSHAKE_REVISIONS, STATELESS_REVISION } from "./messages/revisions.ts";
import { isStateless, refuseMeta } from "./messages/is_stateless.ts";

const VERSION_HEADER = "mcp-protocol-version";

/** How `Mcp-Name` carries what no header can: as base64 of its UTF-8. */
const ENCODED = /^=\?base64\?([A-Za-z0-9+/]*={0,2})\?=$/i;

/**
 * Why the headers that came with `request` do not go with it; `undefined` where they do. The revision without a
 * handshake repeats what a request asks for in headers, for those who route by them: an answer to a request whose
 * headers say something else would be one that they never let pass.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http
 */
export function refuseHeaders(request: McpRequest, headers: Headers): Refusal | undefined {
  const version = headers.get(VERSION_HEADER);
  if (isStateless(request)) {
    // A revision that only the body names is told what there is, whatever else is missing.
    return refuseOtherVersion(request, version) ?? refuseMeta(request) ??
      refuseMismatch(request, version, headers);
  }
  // Whatever the header says, the handshake is where a revision is agreed on.
  if (request.method === "initialize") return undefined;
  // The SDK for Go sends its pings with the header and without `_meta`, and takes the connection for dead when they fail.
  const isPing = request.method === "ping";
  return version === STATELESS_REVISION && !isPing ? refuseMeta(request) : refuseVersion(headers);
}

/** Why no message that came with these headers is answered; `undefined` where `MCP-Protocol-Version` is known or absent. */
export function refuseVersion(headers: Headers): Refusal | undefined {
  const version = headers.get(VERSION_HEADER);
  // Clients of before 2025-06-18 do not send it.
  if (version === null || HANDSHAKE_REVISIONS.includes(version) || version === STATELESS_REVISION) {
    return undefined;
  }
  return {
    status: 400,
    code: JSON_RPC_CODE.refused,
    message: `Bad request: MCP-Protocol-Version must be one of ${HANDSHAKE_REVISIONS.join(", ")}`,
    isRoutine: true,
  };
}

/** Whether these headers name the revision that took batches away for good. */
export function hasNoBatches(headers: Headers): boolean {
  return headers.get(VERSION_HEADER) === STATELESS_REVISION;
}

function refuseOtherVersion(
  { meta: { protocolVersion } }: McpRequest,
  version: string | null,
): Refusal | undefined {
  const differs = version !== null && typeof protocolVersion === "string" && version !== protocolVersion;
  return differs ? versionMismatch() : undefined;
}

function versionMismatch(): Refusal {
  const what = 'the revision in _meta["io.modelcontextprotocol/protocolVersion"]';
  return mismatch("MCP-Protocol-Version", what);
}

function refuseMismatch(
  { method, params }: McpRequest,
  version: string | null,
  headers: Headers,
): Refusal | undefined {
  if (version === null) return versionMismatch();
  if (headers.get("mcp-method") !== method) return mismatch("Mcp-Method", "the method of the body");
  const isNamed = method === "tools/call" && typeof params.name === "string";
  if (isNamed && decoded(headers.get("mcp-name")) !== params.name) {
    return mismatch("Mcp-Name", "the name in params");
  }
  return undefined;
}

function mismatch(header: string, what: string): Refusal {
  return {
    status: 400,
    code: JSON_RPC_CODE.headerMismatch,
    message: `Header mismatch: ${header} must be ${what}`,
  };
}

function decoded(value: string | null): string | undefined {
  const base64 = value === null ? undefined : ENCODED.exec(value)?.[1];
  if (base64 === undefined) return value ?? undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.fromBase64(base64));
  } catch {
    return undefined;
  }
}
