import { z } from "zod";
import { ProtocolError } from "./protocol_error.ts";
import { JsonRpcErrorCode, ListToolsRequestSchema, type RequestId } from "./sdk.ts";
import { Server } from "./sdk_server.ts";
import type { McpCall, Toolbox } from "./toolbox.ts";

const INSTRUCTIONS =
  "Hands out Feishu (Lark) access tokens of one configured app. Ask for a token right before you use it instead of " +
  "keeping one: answers are cached and cheap. Treat every token as a secret: use it in an Authorization header only, " +
  "never print it, store it in a file, or repeat it in an answer. A failed call says what to do next; do that " +
  "instead of repeating the call.";

/**
 * Looser than the SDK's own schema, whose mismatch it would report as an internal error: `Server` itself checks the
 * request again and answers what is malformed with "Invalid params".
 */
const CALL_TOOL_SCHEMA = z.object({
  method: z.literal("tools/call"),
  params: z.looseObject({ name: z.unknown().optional(), arguments: z.unknown().optional() }).optional(),
});

/** Stands in for Ajv, which takes memory and time at start and is for elicitation alone. */
const NO_ELICITATION = {
  getValidator(): never {
    throw new Error("Cannot validate an elicited answer: this server elicits nothing");
  },
};

/** What {@linkcode createMcpServer} needs. */
export interface McpServerOptions {
  /** What it offers. */
  readonly toolbox: Toolbox;
  /** The program's version. */
  readonly version: string;
  /** Asked once for every tool call, with the id of the request; what it throws is answered as an internal error. */
  readonly callOf: (id: RequestId) => McpCall;
}

/** Makes the MCP server of one transport. */
export function createMcpServer({ toolbox, version, callOf }: McpServerOptions): Server {
  const server = new Server(
    { name: "feishu-token-mcp", title: "Feishu tokens", version },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS, jsonSchemaValidator: NO_ELICITATION },
  );
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: toolbox.list }));
  server.setRequestHandler(CALL_TOOL_SCHEMA, async ({ params }, { signal, requestId }) => {
    const tool = toolbox.find(String(params?.name));
    if (tool === undefined) {
      throw new ProtocolError(
        JsonRpcErrorCode.InvalidParams,
        `Unknown tool: this server has ${toolbox.names.join(", ")}`,
      );
    }
    return await toolbox.call(tool, params?.arguments ?? {}, callOf(requestId), signal);
  });
  return server;
}
