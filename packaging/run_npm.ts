import { BuildError } from "../tools/build_error.ts";

/**
 * Runs npm in `folder`.
 *
 * @throws BuildError where there is none, or it fails.
 */
export async function runNpm(
  args: readonly string[],
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const { success, stderr } = await output(args, folder, env);
  if (success) return;
  throw new BuildError(`npm ${args[0]} failed: ${new TextDecoder().decode(stderr).trim()}`);
}

async function output(
  args: readonly string[],
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<Deno.CommandOutput> {
  try {
    return await new Deno.Command(Deno.build.os === "windows" ? "npm.cmd" : "npm", {
      args: [...args],
      cwd: folder,
      clearEnv: true,
      env: { ...env, npm_config_update_notifier: "false" },
      stdin: "null",
    }).output();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw new BuildError("no npm", { cause: error });
    throw error;
  }
}
