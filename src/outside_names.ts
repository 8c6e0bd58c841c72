/** Owner that stands for the real one until somebody has it. */
const PLACEHOLDER_OWNER = "example";
/** Account that publishes this program. The one place to fill in before a release. */
const OWNER: string = PLACEHOLDER_OWNER;
/** The address of the sources. */
const REPOSITORY = `https://github.com/${OWNER}/feishu-token-mcp`;

/** What this program is called where names are given out by others. Everything that is published takes them from here. */
export const OUTSIDE_NAMES = {
  /** Package on npm. */
  npmPackage: "feishu-token-mcp",
  /** Name in the MCP registry, whose part before the slash is the account's. */
  mcpName: `io.github.${OWNER}/feishu-token-mcp`,
  /** Account that publishes. */
  owner: OWNER,
  /** Address of the sources. */
  repository: REPOSITORY,
  /** Address below which the files of a version are, in a folder `vVERSION`. */
  releases: `${REPOSITORY}/releases/download`,
  /** Container image, without a tag. */
  image: `ghcr.io/${OWNER}/feishu-token-mcp`,
  /** Homebrew tap that has the formula. */
  homebrewTap: `${OWNER}/tap`,
  /** Scoop bucket that has the manifest. */
  scoopBucket: `https://github.com/${OWNER}/scoop-bucket`,
  /** Whether they are made up: nothing can be published under them. */
  areMadeUp: OWNER === PLACEHOLDER_OWNER,
} as const;
