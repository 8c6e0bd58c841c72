import * as util from "node:util";
import { StartError } from "../errors/start_error.ts";

/**
 * The variables of an env file (`NAME=value` lines). Read only where it is named: nothing is picked up from the working
 * directory by surprise.
 *
 * @throws StartError when it cannot be read, or is missing and `isOptional` is not set.
 */
export async function readEnvFile(path: string, isOptional: boolean): Promise<Record<string, string>> {
  // A named import would keep the whole program from loading on Deno 2.5, which hosting platforms run.
  if (typeof util.parseEnv !== "function") {
    throw new StartError("This Deno cannot read env files: use Deno 2.9, or set the variables themselves");
  }
  try {
    const text = await Deno.readTextFile(path);
    // Editors on Windows put a byte order mark in front, which would become part of the first name.
    return util.parseEnv(text.replace(/^\uFEFF/, "")) as Record<string, string>;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      if (isOptional) return {};
      throw new StartError(
        `There is no file ${path}: --env-file needs one; begin with a copy of .env.example`,
      );
    }
    throw new StartError(`Cannot read ${path}: check that it is a file and who owns it`, { cause: error });
  }
}
