import { PROJECT_FOLDER } from "./project_folder.ts";

/** How a run of Deno ended. */
export interface DenoRun {
  /** Whether the exit code was 0. */
  readonly isOk: boolean;
  /** Everything it wrote to standard error, without colours. */
  readonly stderr: string;
}

/** Runs the very Deno that runs this, in the project's folder, in the environment `env` and no other. */
export async function runDeno(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<DenoRun> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: PROJECT_FOLDER,
    clearEnv: true,
    env: { ...env, NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  return { isOk: success, stderr: new TextDecoder().decode(stderr) };
}
