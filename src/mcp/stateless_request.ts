import { JSON_RPC_CODE } from "../http/json_rpc_refusal.ts";
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

/** Why `request` does not say of itself what {@linkcode STATELESS_REVISION} demands; `undefined` where it does. */
export function refuseMeta({ meta }: McpRequest): Refusal | undefined {
  const { protocolVersion, hasCapabilities } = meta;
  if (typeof protocolVersion !== "string") return missing("protocolVersion", "a revision of the protocol");
  if (!hasCapabilities) return missing("clientCapabilities", "an object");
  return undefined;
}

/** Why `request`, whose `_meta` is complete, cannot be answered in its revision; `undefined` where it can. */
export function refuseRevision({ meta }: McpRequest): Refusal | undefined {
  const { protocolVersion } = meta;
  if (protocolVersion === STATELESS_REVISION) return undefined;
  return {
    status: 400,
    code: JSON_RPC_CODE.unsupportedRevision,
    message:
      `Unsupported protocol version: _meta may name ${STATELESS_REVISION}; older ones begin with initialize`,
    // This one alone: to a client that finds the others here, a server that knows them and not its own is broken.
    data: { supported: [STATELESS_REVISION], requested: protocolVersion },
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
