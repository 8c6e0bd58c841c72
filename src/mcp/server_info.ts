/** How the server introduces itself. */
export interface ServerInfo {
  /** For programs. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** The program's. */
  readonly version: string;
}

/** The introduction of the program `version`. */
export function serverInfo(version: string): ServerInfo {
  return { name: "feishu-token-mcp", title: "Feishu tokens", version };
}
