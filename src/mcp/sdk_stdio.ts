/**
 * The MCP SDK's transport over the standard streams, which brings Node's `process` along.
 *
 * @module
 */

// @ts-types="@modelcontextprotocol/sdk/server/stdio"
export { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
