/**
 * Prints names of the release as lines `NAME=VALUE`, for the outputs of a workflow's step.
 *
 * @module
 */

import { OUTSIDE_NAMES } from "../src/outside_names.ts";
import { VERSION } from "../src/version.ts";

if (import.meta.main) {
  const lines = `image=${OUTSIDE_NAMES.image}\nversion=${VERSION}\n`;
  Deno.stdout.writeSync(new TextEncoder().encode(lines));
}
