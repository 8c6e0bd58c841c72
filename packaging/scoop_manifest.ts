import { OUTSIDE_NAMES } from "../src/outside_names.ts";
import { VERSION } from "../src/version.ts";
import { binaryName } from "../tools/compile_targets.ts";
import { DESCRIPTION } from "./npm/npm_manifest.ts";

/**
 * The Scoop manifest of a release.
 *
 * @param sums by file name, of the release. Without Windows' binary among them it offers nothing, and says so.
 */
export function scoopManifest(sums: ReadonlyMap<string, string>): Readonly<Record<string, unknown>> {
  const file = binaryName(VERSION, "x86_64-pc-windows-msvc");
  const hash = sums.get(file);
  return {
    version: VERSION,
    description: DESCRIPTION,
    homepage: OUTSIDE_NAMES.repository,
    license: "MIT",
    ...(hash === undefined ? { "##": `Not in this build: ${file}` } : {
      architecture: {
        // Scoop downloads to the name behind the sign.
        "64bit": { url: `${OUTSIDE_NAMES.releases}/v${VERSION}/${file}#/feishu-token-mcp.exe`, hash },
      },
    }),
    bin: "feishu-token-mcp.exe",
    checkver: { github: OUTSIDE_NAMES.repository },
    autoupdate: {
      architecture: {
        "64bit": {
          url: `${OUTSIDE_NAMES.releases}/v$version/${
            file.replace(VERSION, "$version")
          }#/feishu-token-mcp.exe`,
        },
      },
      hash: { url: `${OUTSIDE_NAMES.releases}/v$version/SHA256SUMS` },
    },
  };
}
