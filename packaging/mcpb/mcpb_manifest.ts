import { TOOL_TABLE } from "../../src/mcp/tools/tool_table.ts";
import { OUTSIDE_NAMES } from "../../src/outside_names.ts";
import { setting } from "../../src/settings.ts";
import { VERSION } from "../../src/version.ts";
import type { CompileTarget } from "../../tools/compile_targets.ts";
import { DESCRIPTION } from "../npm/npm_manifest.ts";
import { serverArguments } from "../server_arguments.ts";

/** By target the platform as Claude Desktop names it. */
const PLATFORMS: Readonly<Record<CompileTarget, string>> = {
  "aarch64-apple-darwin": "darwin",
  "aarch64-unknown-linux-gnu": "linux",
  "x86_64-apple-darwin": "darwin",
  "x86_64-pc-windows-msvc": "win32",
  "x86_64-unknown-linux-gnu": "linux",
};

/** The `manifest.json` of a Claude Desktop bundle, in which Deno is `server/deno` and the program `server/main.js`. */
export function mcpbManifest(target: CompileTarget): Readonly<Record<string, unknown>> {
  const deno = target.includes("windows") ? "server/deno.exe" : "server/deno";
  const [appId, brand] = [setting("appId"), setting("brand")];
  return {
    manifest_version: "0.3",
    name: "feishu-token-mcp",
    display_name: "Feishu and Lark tokens",
    version: VERSION,
    description: DESCRIPTION,
    author: { name: OUTSIDE_NAMES.owner, url: OUTSIDE_NAMES.repository },
    repository: { type: "git", url: `${OUTSIDE_NAMES.repository}.git` },
    homepage: OUTSIDE_NAMES.repository,
    license: "MIT",
    keywords: ["feishu", "lark", "oauth", "token"],
    server: {
      type: "binary",
      entry_point: deno,
      mcp_config: {
        command: `\${__dirname}/${deno}`,
        args: [...serverArguments("${__dirname}/server"), "--stdio"],
        env: {
          DENO_NO_UPDATE_CHECK: "1",
          FEISHU_APP_ID: "${user_config.app_id}",
          FEISHU_APP_SECRET: "${user_config.app_secret}",
          FEISHU_BRAND: "${user_config.brand}",
        },
      },
    },
    tools: TOOL_TABLE.map(({ name, title }) => ({ name, description: title.en })),
    compatibility: { platforms: [PLATFORMS[target]] },
    user_config: {
      app_id: { type: "string", title: "App ID", description: appId.meaning.en, required: true },
      app_secret: {
        type: "string",
        title: "App Secret",
        description: "App Secret of your app (same page)",
        sensitive: true,
        required: true,
      },
      brand: {
        type: "string",
        title: "Brand",
        description: brand.meaning.en,
        default: "feishu",
        required: false,
      },
    },
  };
}
