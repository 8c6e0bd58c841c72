/**
 * `deno task compile [--target T]... [--all]`: dist/feishu-token-mcp-VERSION-TARGET for this machine's platform, the
 * targets named, or all of them.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { buildCommand } from "./build_command.ts";
import { BuildError } from "./build_error.ts";
import { compileBinary } from "./compile_binary.ts";
import { COMPILE_TARGETS, type CompileTarget, isCompileTarget } from "./compile_targets.ts";
import { DIST_FOLDER } from "./project_folder.ts";
import { writeSums } from "./write_sums.ts";

/**
 * The targets that a command line asks for, each once.
 *
 * @throws BuildError when it cannot be read.
 */
export function targetsOf(args: readonly string[]): readonly CompileTarget[] {
  const { all, target = [] } = readFlags(args);
  const asked = all ? COMPILE_TARGETS : target.length > 0 ? target : [Deno.build.target];
  return [...new Set(asked)].map((name) => {
    if (isCompileTarget(name)) return name;
    throw new BuildError(
      `There is no target ${name}: choose from ${COMPILE_TARGETS.join(", ")}`,
    );
  });
}

function readFlags(
  args: readonly string[],
): { readonly all?: boolean; readonly target?: string[] } {
  const options = {
    all: { type: "boolean" },
    target: { type: "string", multiple: true },
  } as const;
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new BuildError(
      "Usage: deno task compile [--target TARGET]... [--all]",
      { cause: error },
    );
  }
}

if (import.meta.main) {
  await buildCommand(async (say) => {
    for (const target of targetsOf(Deno.args)) {
      say(
        await compileBinary({
          target,
          folder: DIST_FOLDER,
          env: Deno.env.toObject(),
        }),
      );
    }
    await writeSums(DIST_FOLDER);
  });
}
