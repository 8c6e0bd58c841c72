/**
 * The protocol's messages, as the MCP SDK types them. Types alone: the SDK itself is loaded through `sdk_server.ts`, which
 * with this file is the only import of it. Its package maps `./*` types to `./dist/esm/*.d.ts`, so for `…/types.js` Deno
 * looks for `types.js.d.ts`, finds nothing, and silently makes everything `any`: hence one `@ts-types` an export.
 *
 * @module
 */

// @ts-types="@modelcontextprotocol/sdk/shared/transport"
export type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
// @ts-types="@modelcontextprotocol/sdk/types"
export type { CallToolResult, JSONRPCMessage, Tool as ListedTool } from "@modelcontextprotocol/sdk/types.js";
