import { JSON_RPC_CODE } from "../../http/json_rpc_refusal.ts";
import { NO_ID } from "./message.ts";

/** The answer to a request. */
export interface Answer {
  /** Of the HTTP response. */
  readonly status: number;
  /** The JSON-RPC message. */
  readonly json: string;
  /** Whether well-behaved clients cause it when they connect, so that it is logged at debug level. */
  readonly isRoutine?: boolean;
}

/** Why a request is refused. */
export interface Refusal {
  /** An error code of JSON-RPC or of MCP. */
  readonly code: number;
  /** In sentence case. It never quotes the caller. */
  readonly message: string;
  /** Details for programs. */
  readonly data?: unknown;
  /** Of the HTTP response; 200 by default. */
  readonly status?: number;
  /** As in {@linkcode Answer}. */
  readonly isRoutine?: boolean;
}

/**
 * Makes the answer to a request that succeeded. `id` and `result` are JSON; the members' order is that of the SDK's
 * server.
 */
export function resultAnswer(id: string, result: string): Answer {
  return { status: 200, json: `{"result":${result},"jsonrpc":"2.0","id":${id}}` };
}

/** Makes the answer to a request that is refused. `id` is JSON. */
export function errorAnswer(id: string, refusal: Refusal): Answer {
  const { code, message, data, status = 200, isRoutine = false } = refusal;
  const error = JSON.stringify({ code, message, data });
  return { status, json: `{"jsonrpc":"2.0","id":${id},"error":${error}}`, isRoutine };
}

/** Makes the answer to a message that is no valid request. `id` is JSON, {@linkcode NO_ID} where none can be read. */
export function invalidRequestAnswer(id: string, rule: string): Answer {
  const code = JSON_RPC_CODE.invalidRequest;
  return errorAnswer(id, { status: 400, code, message: `Invalid request: ${rule}` });
}

/** Makes the answer to a text that is not JSON. */
export function notJsonAnswer(): Answer {
  return errorAnswer(NO_ID, {
    status: 400,
    code: JSON_RPC_CODE.parseError,
    message: "Parse error: invalid JSON",
  });
}
