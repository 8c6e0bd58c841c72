import { JSON_RPC_CODE } from "../../http/json_rpc_refusal.ts";
import { NO_ID } from "./message.ts";

/** What a request is answered with. */
export interface Answer {
  /** Over HTTP. */
  readonly status: number;
  /** The JSON-RPC message. */
  readonly json: string;
  /** Whether clients cause it in the ordinary course of connecting, so that it is no news for the log. */
  readonly isRoutine?: boolean;
}

/** Why a request is refused. */
export interface Refusal {
  /** JSON-RPC's, or the protocol's own. */
  readonly code: number;
  /** Sentence case, never anything that the caller sent. */
  readonly message: string;
  /** More for programs. */
  readonly data?: unknown;
  /** Over HTTP; 200 unless given. */
  readonly status?: number;
  /** As in {@linkcode Answer}. */
  readonly isRoutine?: boolean;
}

/** The answer to the request `id` that has worked. `id` and `result` are JSON. In the order of the SDK's server. */
export function resultAnswer(id: string, result: string): Answer {
  return { status: 200, json: `{"result":${result},"jsonrpc":"2.0","id":${id}}` };
}

/** The answer to the request `id`, as JSON, that is refused. */
export function errorAnswer(id: string, refusal: Refusal): Answer {
  const { code, message, data, status = 200, isRoutine = false } = refusal;
  const error = JSON.stringify({ code, message, data });
  return { status, json: `{"jsonrpc":"2.0","id":${id},"error":${error}}`, isRoutine };
}

/** The answer to what is no request; `id` is the one that could be read in it, as JSON. */
export function invalidRequestAnswer(id: string, rule: string): Answer {
  const code = JSON_RPC_CODE.invalidRequest;
  return errorAnswer(id, { status: 400, code, message: `Invalid request: ${rule}` });
}

/** The answer to a text that is no JSON. */
export function notJsonAnswer(): Answer {
  return errorAnswer(NO_ID, {
    status: 400,
    code: JSON_RPC_CODE.parseError,
    message: "Parse error: invalid JSON",
  });
}
