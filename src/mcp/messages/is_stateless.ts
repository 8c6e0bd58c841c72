import { JSON_RPC_CODE } from "../../http/json_rpc_refusal.ts";
import type { Refusal } from "./answer.ts";
import type { McpRequest } from "./message.ts";
import { STATELESS_REVISION } from "./revisions.ts";

/**
 * Whether `request` is one of the revision without a handshake, or of a later one. None of the handshake revisions has
 * `server/discover`.
 */
export function isStateless({ method, meta }: McpRequest): boolean {
  return meta.protocolVersion !== undefined || method === "server/discover";
}

/**
 * Why `request` cannot be answered as one of {@linkcode STATELESS_REVISION}; `undefined` where it can. The revision comes
 * first: what another one demands is not known here.
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
    // This one alone: to a client that finds the others here, a server that knows them and not its own is broken.
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
