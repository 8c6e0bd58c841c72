// @ts-types="@modelcontextprotocol/sdk/types"
import { JSONRPCMessageSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { INSTRUCTIONS } from "../../src/mcp/instructions.ts";
import type { JSONRPCMessage, Transport } from "../../src/mcp/messages/sdk.ts";
import { Server } from "../../src/mcp/sdk_server.ts";
import type { McpCall, Toolbox } from "../../src/mcp/calls/toolbox.ts";

/** Looser than the SDK's own, which drops `__proto__` among the arguments. The server checks the request again by that. */
const CALL_TOOL_SCHEMA = z.object({
  method: z.literal("tools/call"),
  params: z.looseObject({ name: z.string(), arguments: z.unknown().optional() }),
});

/**
 * What a server of the SDK, with these tools and without a layer of our own, answers to `message`, as JSON; `undefined`
 * where the SDK's transports would not even hand it on.
 */
export async function answerOfSdk(
  message: unknown,
  toolbox: Toolbox,
  call: McpCall,
): Promise<string | undefined> {
  const { success, data } = JSONRPCMessageSchema.safeParse(message);
  if (!success) return undefined;
  const server = new Server({ name: "feishu-token-mcp", title: "Feishu tokens", version: "1.2.3" }, {
    capabilities: { tools: {} },
    instructions: INSTRUCTIONS,
  });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: toolbox.list }));
  server.setRequestHandler(CALL_TOOL_SCHEMA, ({ params }, { signal }) => {
    const tool = toolbox.find(params.name);
    if (tool === undefined) throw new RangeError("This comparison is for tools that there are");
    return toolbox.call(tool, params.arguments ?? {}, call, signal);
  });
  const { promise: answered, resolve } = Promise.withResolvers<JSONRPCMessage>();
  const transport: Transport = {
    start: () => Promise.resolve(),
    close: () => Promise.resolve(),
    send: (answer) => Promise.resolve(resolve(answer)),
  };
  await server.connect(transport);
  transport.onmessage?.(data);
  return JSON.stringify(await answered);
}
