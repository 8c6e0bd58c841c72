import { OUTSIDE_NAMES } from "../../src/outside_names.ts";
import { VERSION } from "../../src/version.ts";
import { DENO_VERSION } from "../deno_version.ts";

/** Npm's packages that hold Deno, one a platform. None has a script that runs at its installation. */
const DENO_PACKAGES = [
  "@deno/darwin-arm64",
  "@deno/darwin-x64",
  "@deno/linux-arm64-glibc",
  "@deno/linux-x64-glibc",
  "@deno/win32-arm64",
  "@deno/win32-x64",
] as const;

/** What this program is, in one line. The MCP registry takes at most 100 characters. */
export const DESCRIPTION = "Feishu and Lark access tokens for AI agents, over MCP";

/** The `package.json` of the npm package. Npm installs of the optional packages the one for the machine. */
export function npmManifest(): Readonly<Record<string, unknown>> {
  return {
    name: OUTSIDE_NAMES.npmPackage,
    version: VERSION,
    mcpName: OUTSIDE_NAMES.mcpName,
    description: DESCRIPTION,
    keywords: ["feishu", "lark", "mcp", "mcp-server", "oauth", "token", "deno"],
    license: "MIT",
    homepage: `${OUTSIDE_NAMES.repository}#readme`,
    bugs: `${OUTSIDE_NAMES.repository}/issues`,
    repository: { type: "git", url: `git+${OUTSIDE_NAMES.repository}.git` },
    type: "module",
    bin: { "feishu-token-mcp": "bin/feishu-token-mcp.mjs" },
    files: ["bin", "server"],
    engines: { node: ">=18" },
    optionalDependencies: Object.fromEntries(DENO_PACKAGES.map((name) => [name, DENO_VERSION])),
  };
}
