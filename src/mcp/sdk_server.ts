/**
 * The MCP SDK's server, which answers the handshake. Loading it takes 6 MiB and 40 ms, with Ajv and the schemas of all
 * messages.
 *
 * @module
 */

export { Server } from "@modelcontextprotocol/sdk/server";
