import { z } from "zod";
import type { Language } from "../errors/language.ts";
import type { CredentialSource } from "../ports/credential_source.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { TokenService } from "../ports/tokens.ts";
import { callTool } from "./call_tool.ts";
import { ProtocolError } from "./protocol_error.ts";
import { JsonRpcErrorCode, ListToolsRequestSchema, type RequestId, Server } from "./sdk.ts";
import type { Tool } from "./tool.ts";
import { listTools } from "./tool_list.ts";

/** What every MCP server of this process shares. */
export interface McpServerOptions {
  /** In the order in which clients see them. */
  readonly tools: readonly Tool[];
  /** Does what the tools promise. */
  readonly tokens: TokenService;
  /** Tells how long a token still works. */
  readonly clock: Clock;
  /** The program's version. */
  readonly version: string;
  /** In which failures are shown; English where it is not given. */
  readonly language?: Language;
}

/** What is particular to one call. */
export interface McpCall {
  /** Shown to the caller where only the log knows more. */
  readonly requestId: string;
  /** Carries the request id. */
  readonly log: Log;
  /** Asked only by tools that need them. */
  readonly credentials: CredentialSource;
}

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

/**
 * Makes the MCP server of one transport. `callOf` is asked once for every tool call, with the id of the request; what it
 * throws is answered as an internal error.
 */
export function createMcpServer(options: McpServerOptions, callOf: (id: RequestId) => McpCall): Server {
  const { tools, tokens, clock, version, language = "en" } = options;
  const list = { tools: listTools(tools) };
  const byName = new Map(tools.map((tool) => [tool.name, tool]));

  const server = new Server(
    { name: "feishu-token-mcp", title: "Feishu tokens", version },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS, jsonSchemaValidator: NO_ELICITATION },
  );
  server.setRequestHandler(ListToolsRequestSchema, () => list);
  server.setRequestHandler(CALL_TOOL_SCHEMA, async ({ params }, { signal, requestId: id }) => {
    const tool = byName.get(String(params?.name));
    if (tool === undefined) {
      throw new ProtocolError(
        JsonRpcErrorCode.InvalidParams,
        `Unknown tool: this server has ${[...byName.keys()].join(", ")}`,
      );
    }
    const { requestId, log, credentials } = callOf(id);
    const context = { tokens, credentials, clock, language, log, signal };
    return await callTool({ tool, args: params?.arguments ?? {}, context, requestId });
  });
  return server;
}
