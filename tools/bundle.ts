/**
 * `deno task bundle`: dist/feishu-token-mcp.js, one file for `deno run`.
 *
 * @module
 */

import { buildCommand } from "./build_command.ts";
import { bundleProgram } from "./bundle_program.ts";
import { DIST_FOLDER } from "./project_folder.ts";
import { writeSums } from "./write_sums.ts";

if (import.meta.main) {
  await buildCommand(async (say) => {
    say(await bundleProgram(DIST_FOLDER, Deno.env.toObject()));
    await writeSums(DIST_FOLDER);
  });
}
