/**
 * What the fixture needs of the MCP SDK beyond `src/mcp/messages/sdk.ts`; typed as there, and loaded.
 *
 * @module
 */

// @ts-types="@modelcontextprotocol/sdk/types"
export {
  CallToolRequestSchema,
  CompleteRequestSchema,
  ElicitResultSchema,
  GetPromptRequestSchema,
  JSONRPCMessageSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  ReadResourceRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";
// @ts-types="@modelcontextprotocol/sdk/types"
export type {
  GetPromptResult,
  JSONRPCRequest,
  JSONRPCResponse,
  ReadResourceResult,
  RequestId,
} from "@modelcontextprotocol/sdk/types.js";
