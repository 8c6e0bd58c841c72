import { JSON_RPC_CODE } from "../http/json_rpc_refusal.ts";
import type { Refusal } from "./messages/answer.ts";
import type { McpRequest } from "./messages/message.ts";
import { HANDSHAKE_REVISIONS, STATELESS_REVISION } from "./messages/revisions.ts";
import { isStateless, refuseMeta } from "./messages/is_stateless.ts";

const VERSION_HEADER = "mcp-protocol-version";

/** A name with characters that no header can carry, as `Mcp-Name` encodes it: base64 of its UTF-8. */
const ENCODED = /^=\?base64\?([A-Za-z0-9+/]*={0,2})\?=$/i;

/**
 * Checks the headers of `request` against its body; `undefined` where they agree. The stateless revision repeats
 * method and tool name in headers, so that proxies can route and filter by them. A request whose headers differ from
 * its body may be one that a proxy would not have let pass, so it is refused.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http
 */
export function refuseHeaders(request: McpRequest, headers: Headers): Refusal | undefined {
  const version = headers.get(VERSION_HEADER);
  if (isStateless(request)) {
    // An unsupported revision in the body is refused before missing headers are: that answer names the supported one.
    return refuseOtherVersion(request, version) ?? refuseMeta(request) ??
      refuseMismatch(request, version, headers);
  }
  // The handshake negotiates the revision, whatever the header says.
  if (request.method === "initialize") return undefined;
  // The Go SDK sends pings with the header and without `_meta`, and gives up the connection where they fail.
  const isPing = request.method === "ping";
  return version === STATELESS_REVISION && !isPing ? refuseMeta(request) : refuseVersion(headers);
}

/** Checks `MCP-Protocol-Version`; `undefined` where it is known or absent. */
export function refuseVersion(headers: Headers): Refusal | undefined {
  const version = headers.get(VERSION_HEADER);
  // Clients of revisions before 2025-06-18 do not send it.
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

/** Whether these headers name the stateless revision, which has no batches. */
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
