/**
 * The MCP SDK's types of the protocol's messages. Code of the SDK is loaded through `sdk_server.ts` alone.
 *
 * The package maps `./*` types to `./dist/esm/*.d.ts`. For `…/types.js`, Deno therefore looks for `types.js.d.ts`,
 * finds nothing, and silently makes everything `any`. Hence each export has a `@ts-types` of its own.
 *
 * @module
 */

// @ts-types="@modelcontextprotocol/sdk/shared/transport"
export type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
// @ts-types="@modelcontextprotocol/sdk/types"
export type { CallToolResult, JSONRPCMessage, Tool as ListedTool } from "@modelcontextprotocol/sdk/types.js";
