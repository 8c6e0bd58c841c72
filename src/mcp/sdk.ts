/**
 * The protocol's messages, as the MCP SDK has them. This file, `sdk_server.ts` and `sdk_stdio.ts` are the only imports of
 * the SDK: three, so that each part is loaded only where it is used. Its package maps `./*` types to `./dist/esm/*.d.ts`, so for `…/stdio.js` Deno looks
 * for `stdio.js.d.ts`, finds nothing, and silently makes everything `any`: hence one `@ts-types` an export.
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
