import { OUTSIDE_NAMES } from "../src/outside_names.ts";
import { setting } from "../src/settings.ts";
import { VERSION } from "../src/version.ts";
import { DESCRIPTION } from "./npm/npm_manifest.ts";

const SCHEMA = "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json";

/** What a client is to ask its user for. */
const VARIABLES = (["appId", "appSecret", "brand"] as const).map((name) => {
  const { variable, meaning } = setting(name);
  return {
    name: variable,
    description: meaning.en,
    isRequired: name !== "brand",
    isSecret: name === "appSecret",
    ...(name === "brand" ? { choices: ["feishu", "lark"], default: "feishu" } : {}),
  };
});

const STDIO = {
  packageArguments: [{ type: "positional", value: "--stdio" }],
  transport: { type: "stdio" },
  environmentVariables: VARIABLES,
};

/**
 * The `server.json` of the MCP registry.
 *
 * @param bundles Claude Desktop bundles of the release: file name and SHA-256, in hexadecimal.
 * @see https://github.com/modelcontextprotocol/registry/blob/main/docs/reference/server-json/generic-server-json.md
 */
export function serverJson(bundles: readonly (readonly [name: string, sha256: string])[]): Readonly<
  Record<string, unknown>
> {
  return {
    $schema: SCHEMA,
    name: OUTSIDE_NAMES.mcpName,
    title: "Feishu and Lark tokens",
    description: DESCRIPTION,
    version: VERSION,
    websiteUrl: OUTSIDE_NAMES.repository,
    repository: { url: OUTSIDE_NAMES.repository, source: "github" },
    packages: [
      {
        registryType: "npm",
        identifier: OUTSIDE_NAMES.npmPackage,
        version: VERSION,
        runtimeHint: "npx",
        ...STDIO,
      },
      {
        registryType: "oci",
        identifier: `${OUTSIDE_NAMES.image}:${VERSION}`,
        runtimeHint: "docker",
        ...STDIO,
      },
      ...bundles.map(([name, sha256]) => ({
        registryType: "mcpb",
        identifier: `${OUTSIDE_NAMES.releases}/v${VERSION}/${name}`,
        fileSha256: sha256,
        transport: { type: "stdio" },
        environmentVariables: VARIABLES,
      })),
    ],
  };
}
