/**
 * The server of the MCP SDK, which brings Ajv along: 3 MiB.
 *
 * @module
 */

export { Server } from "@modelcontextprotocol/sdk/server";
