/**
 * The protocol's messages, as the MCP SDK has them. This file and `sdk_server.ts` are the only imports of the SDK: two, so
 * that each part is loaded only where it is used. Its package maps `./*` types to `./dist/esm/*.d.ts`, so for `…/types.js`
 * Deno looks for `types.js.d.ts`, finds nothing, and silently makes everything `any`: hence one `@ts-types` an export.
 *
 * @module
 */

// @ts-types="@modelcontextprotocol/sdk/shared/transport"
export type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
// @ts-types="@modelcontextprotocol/sdk/types"
export {
  ErrorCode as JsonRpcErrorCode,
  isJSONRPCRequest,
  JSONRPCMessageSchema,
  ListToolsRequestSchema,
  SUPPORTED_PROTOCOL_VERSIONS,
} from "@modelcontextprotocol/sdk/types.js";
// @ts-types="@modelcontextprotocol/sdk/types"
export type {
  CallToolResult,
  JSONRPCMessage,
  JSONRPCRequest,
  JSONRPCResponse,
  RequestId,
  Tool as ListedTool,
} from "@modelcontextprotocol/sdk/types.js";
