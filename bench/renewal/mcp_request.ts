import type { SandboxApp } from "../../src/sandbox/sandbox_apps.ts";

/** A request to an MCP endpoint, by the endpoint's address: its bytes as they go over the wire. */
export type McpRequest = (url: URL) => Uint8Array;

/** `tools/list`. */
export const LIST_TOOLS: McpRequest = (url) => post(url, { method: "tools/list" }, []);

/** A call of the tool `name`; for the server's own app unless `app` is another one. */
export function toolCall(
  name: string,
  args: Readonly<Record<string, string>> = {},
  app?: SandboxApp,
): McpRequest {
  const headers = app === undefined
    ? []
    : [`x-feishu-app-id: ${app.appId}`, `x-feishu-app-secret: ${app.appSecret}`];
  return (url) => post(url, { method: "tools/call", params: { name, arguments: args } }, headers);
}

function post(
  url: URL,
  message: Readonly<Record<string, unknown>>,
  headers: readonly string[],
): Uint8Array {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, ...message });
  const head = [
    `POST ${url.pathname} HTTP/1.1`,
    `host: ${url.host}`,
    "content-type: application/json",
    "accept: application/json, text/event-stream",
    `content-length: ${body.length}`,
    ...headers,
  ];
  return new TextEncoder().encode(`${head.join("\r\n")}\r\n\r\n${body}`);
}
