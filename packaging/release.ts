/**
 * `deno task release --dry-run [--all] [--strict]`: everything that a release consists of, in dist/.
 *
 * @module
 */

import { OUTSIDE_NAMES } from "../src/outside_names.ts";
import { VERSION } from "../src/version.ts";
import { BuildError } from "../tools/build_error.ts";
import { COMPILE_TARGETS, isCompileTarget } from "../tools/compile_targets.ts";
import { readArguments, runTask } from "../tools/developer_task.ts";
import { DIST_FOLDER } from "../tools/project_folder.ts";
import { cleanCommit, tagsOf } from "../tools/stamp_commit.ts";
import { buildRelease } from "./build_release.ts";

const USAGE = `deno task release [--dry-run] [--all] [--strict]

  --dry-run  build for this platform, whatever the names, the files and the tag of the checkout
  --all      binaries and Claude Desktop bundles of every platform (without --dry-run always)
  --strict   exit with 1 where something was left out (without --dry-run always)`;

const OPTIONS = {
  "dry-run": { type: "boolean" },
  all: { type: "boolean" },
  strict: { type: "boolean" },
} as const;

/** Why this cannot be published; `undefined` where it can. */
export async function publishingProblem(areNamesMadeUp: boolean): Promise<string | undefined> {
  if (areNamesMadeUp) {
    return `The owner is still "${OUTSIDE_NAMES.owner}": fill in src/outside_names.ts, or build with --dry-run`;
  }
  if (await cleanCommit() === undefined) return "Files of the commit were changed, or there is no commit";
  if ((await tagsOf()).includes(`v${VERSION}`)) return undefined;
  return `The commit has no tag v${VERSION}`;
}

async function release(args: string[]): Promise<number> {
  const { values } = readArguments({ args, options: OPTIONS });
  const isDryRun = values["dry-run"] === true;
  const problem = isDryRun ? undefined : await publishingProblem(OUTSIDE_NAMES.areMadeUp);
  if (problem !== undefined) return fail(problem);
  const targets = values.all || !isDryRun ? COMPILE_TARGETS : [Deno.build.target].filter(isCompileTarget);
  const say = (line: string): void => write(Deno.stdout, line);
  try {
    const skipped = await buildRelease({ folder: DIST_FOLDER, targets, env: Deno.env.toObject(), say });
    if (skipped === 0 || (isDryRun && !values.strict)) return 0;
    return fail(`Left out: ${skipped} of what a release consists of`);
  } catch (error) {
    if (error instanceof BuildError) return fail(error.message);
    throw error;
  }
}

function fail(line: string): number {
  write(Deno.stderr, line);
  return 1;
}

function write(stream: { writeSync(bytes: Uint8Array): number }, line: string): void {
  stream.writeSync(new TextEncoder().encode(`${line}\n`));
}

if (import.meta.main) await runTask(USAGE, release);
