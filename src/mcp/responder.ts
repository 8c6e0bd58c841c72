import { errorClass } from "../errors/error_class.ts";
import { internalError } from "../errors/internal_error.ts";
import type { Language } from "../errors/language.ts";
import { stackFrames } from "../errors/stack_frames.ts";
import { JSON_RPC_CODE } from "../http/json_rpc_refusal.ts";
import { type Answer, errorAnswer, type Refusal, resultAnswer } from "./messages/answer.ts";
import { once } from "../once.ts";
import { INSTRUCTIONS } from "./instructions.ts";
import type { McpRequest, RequestParams } from "./messages/message.ts";
import { STATELESS_REVISION } from "./messages/revisions.ts";
import type { CallToolResult } from "./messages/sdk.ts";
import { handshakeResult } from "./handshake_result.ts";
import { serverInfo } from "./server_info.ts";
import { isStateless, refuseMeta } from "./messages/is_stateless.ts";
import type { Tool } from "./contract/tool.ts";
import type { McpCall, Toolbox } from "./calls/toolbox.ts";

/** The tools change only with the program, and are the same for every caller. */
const CACHING = { ttlMs: 3_600_000, cacheScope: "public" };

/** What {@linkcode createResponder} needs. */
export interface ResponderOptions {
  /** The tools that the server offers. */
  readonly toolbox: Toolbox;
  /** The program's version. */
  readonly version: string;
  /** Of error texts; English by default. */
  readonly language?: Language;
}

/**
 * Answers one request of any revision. A fault of the request, or of the program, becomes an error answer, so that the
 * other requests of a batch keep theirs. Aborting `signal` ends a tool's waits.
 */
export type Responder = (
  request: McpRequest,
  call: McpCall,
  signal: AbortSignal,
) => Answer | Promise<Answer>;

/** The JSON of results, which differs by revision. */
interface Dialect {
  readonly list: () => string;
  readonly result: (result: CallToolResult) => string;
}

/**
 * Makes the function that answers requests, for every transport.
 *
 * In the handshake revisions, `initialize`, `tools/list`, `tools/call` and `ping` get byte for byte the answers of the
 * SDK's server, in a third of its time: that server checks every message against five schemas and makes an
 * `AbortController` for it (docs/benchmarks.md). It answers every other method of these revisions, and is loaded at
 * the first of those, which a client that starts a server does not wait for.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/tools
 * @see https://modelcontextprotocol.io/specification/2026-07-28/server/tools
 */
export function createResponder({ toolbox, version, language = "en" }: ResponderOptions): Responder {
  const meta = { "io.modelcontextprotocol/serverInfo": serverInfo(version) };
  const common = { resultType: "complete", _meta: meta };
  const handshake: Dialect = {
    list: once(() => JSON.stringify({ tools: toolbox.list })),
    result: (result) => JSON.stringify(result),
  };
  const stateless: Dialect = {
    list: once(() => JSON.stringify({ ...common, tools: toolbox.list, ...CACHING })),
    result: (result) => JSON.stringify({ ...common, ...result, _meta: { ...meta, ...result._meta } }),
  };
  const discovery = once(() =>
    JSON.stringify({
      ...common,
      supportedVersions: [STATELESS_REVISION],
      capabilities: { tools: {} },
      instructions: INSTRUCTIONS,
      ...CACHING,
    })
  );

  return (request, call, signal) => {
    try {
      const answer = isStateless(request)
        ? answerStateless(request, call, signal)
        : answerHandshake(request, call, signal);
      return answer instanceof Promise ? answer.catch((error) => failed(request, call, error)) : answer;
    } catch (error) {
      return failed(request, call, error);
    }
  };

  function failed({ id }: McpRequest, { requestId, log }: McpCall, error: unknown): Answer {
    log.error("message failed", { error: errorClass(error) });
    log.debug("message failed at", { at: stackFrames(error) });
    const { message } = internalError(requestId, error).report({ language });
    return errorAnswer(id, { status: 500, code: JSON_RPC_CODE.internalError, message });
  }

  function answerStateless(
    request: McpRequest,
    call: McpCall,
    signal: AbortSignal,
  ): Answer | Promise<Answer> {
    const { id, method } = request;
    const refusal = refuseMeta(request);
    if (refusal !== undefined) return errorAnswer(id, refusal);
    switch (method) {
      case "server/discover":
        return resultAnswer(id, discovery());
      case "tools/list":
        return list(request, stateless);
      case "tools/call":
        return callTool(request, call, signal, stateless);
      default: {
        const code = JSON_RPC_CODE.methodNotFound;
        return errorAnswer(id, { status: 404, code, message: "Method not found", isRoutine: true });
      }
    }
  }

  function answerHandshake(
    request: McpRequest,
    call: McpCall,
    signal: AbortSignal,
  ): Answer | Promise<Answer> {
    const { id, method, params } = request;
    switch (method) {
      case "ping":
        return resultAnswer(id, "{}");
      case "tools/list":
        return list(request, handshake);
      case "tools/call":
        return callTool(request, call, signal, handshake);
      case "initialize":
        if (typeof params.protocolVersion !== "string") {
          return errorAnswer(id, invalidParams("protocolVersion must be a revision of the protocol"));
        }
        return resultAnswer(id, JSON.stringify(handshakeResult(params.protocolVersion, version)));
    }
    return import("./answer_by_sdk.ts").then(({ answerBySdk }) => answerBySdk(request, version));
  }

  function list({ id, params }: McpRequest, dialect: Dialect): Answer {
    if (params.cursor !== undefined && typeof params.cursor !== "string") {
      return errorAnswer(id, invalidParams("cursor must be a string"));
    }
    return resultAnswer(id, dialect.list());
  }

  function callTool(
    { id, params }: McpRequest,
    call: McpCall,
    signal: AbortSignal,
    { result }: Dialect,
  ): Answer | Promise<Answer> {
    const { arguments: args = {} } = params;
    const tool = findTool(params);
    if (!("handler" in tool)) return errorAnswer(id, tool);
    if (typeof args !== "object" || Array.isArray(args)) {
      return errorAnswer(id, invalidParams("arguments must be an object"));
    }
    return toolbox.call(tool, args, call, signal).then((called) => resultAnswer(id, result(called)));
  }

  function findTool({ name }: RequestParams): Tool | Refusal {
    const tool = typeof name === "string" ? toolbox.find(name) : undefined;
    if (tool !== undefined) return tool;
    const offered = `this server has ${toolbox.names.join(", ")}`;
    return typeof name === "string"
      ? { code: JSON_RPC_CODE.invalidParams, message: `Unknown tool: ${offered}` }
      : invalidParams(`name must be the name of a tool; ${offered}`);
  }
}

function invalidParams(rule: string): Refusal {
  return { code: JSON_RPC_CODE.invalidParams, message: `Invalid params: ${rule}` };
}
