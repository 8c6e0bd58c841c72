/** Names of what is published, which this project does not give itself. */
export const PUBLISHED_NAMES = {
  /** Package on npm. */
  npm: "feishu-token-mcp",
  /** Container image, whose owner is made up until there is one. Its entry point takes the program's own arguments; the store is in `/data`. */
  image: "ghcr.io/example/feishu-token-mcp",
} as const;
