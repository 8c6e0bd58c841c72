import { toolMessage } from "../ask_tool.ts";

/** What a stdio server says once it serves. */
export const SERVING_STDIO = /"event":"serving one MCP client/;

/** Introduces a client. */
export const INITIALIZE: string = `${
  JSON.stringify({
    jsonrpc: "2.0",
    id: "hello",
    method: "initialize",
    params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "attack", version: "0" } },
  })
}\n${JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" })}\n`;

/** Asks for the list of tools under the id `id`. */
export function listLine(id: number | string): string {
  return `${JSON.stringify({ jsonrpc: "2.0", id, method: "tools/list" })}\n`;
}

/** Presents a refresh token under the id `id`. */
export function refreshLine(id: number | string, refreshToken: string): string {
  return `${toolMessage("refresh_feishu_user_token", { refresh_token: refreshToken }, id)}\n`;
}
