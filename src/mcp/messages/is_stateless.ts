import { JSON_RPC_CODE } from "../../http/json_rpc_refusal.ts";
import type { Refusal } from "./answer.ts";
import type { McpRequest } from "./message.ts";
import { STATELESS_REVISION } from "./revisions.ts";

/**
 * Whether `request` is of the stateless revision or a later one. It is if it names a revision, or calls
 * `server/discover`, which no handshake revision has.
 */
export function isStateless({ method, meta }: McpRequest): boolean {
  return meta.protocolVersion !== undefined || method === "server/discover";
}

/**
 * Checks the `_meta` of a request of {@linkcode STATELESS_REVISION}; `undefined` where it is valid. The revision is
 * checked first, since the demands of another one are unknown here.
 */
export function refuseMeta({ meta }: McpRequest): Refusal | undefined {
  const { protocolVersion, hasCapabilities } = meta;
  if (typeof protocolVersion !== "string") return missing("protocolVersion", "a revision of the protocol");
  if (protocolVersion !== STATELESS_REVISION) return unsupported(protocolVersion);
  if (!hasCapabilities) return missing("clientCapabilities", "an object");
  return undefined;
}

function unsupported(requested: string): Refusal {
  return {
    status: 400,
    code: JSON_RPC_CODE.unsupportedRevision,
    message:
      `Unsupported protocol version: _meta may name ${STATELESS_REVISION}; older ones begin with initialize`,
    // Without the handshake revisions: a client that found them here, but not its own, would take the server for
    // broken.
    data: { supported: [STATELESS_REVISION], requested },
    isRoutine: true,
  };
}

function missing(key: string, what: string): Refusal {
  return {
    status: 400,
    code: JSON_RPC_CODE.invalidParams,
    message: `Invalid params: _meta["io.modelcontextprotocol/${key}"] must be ${what}`,
  };
}
