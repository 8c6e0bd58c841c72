import { fileURLToPath } from "node:url";
import { z } from "zod";
import { childCommand } from "./child_command.ts";
import { RunError } from "./run_error.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
const DENO_ARGS: readonly string[] = ["run", "--quiet", "--no-prompt", "-P=serve"];
/** Deno's own arguments, as in the tasks, and the program. */
export const MAIN_ARGS: readonly string[] = [...DENO_ARGS, MAIN];
const running = new Set<Deno.ChildProcess>();
const DenoInfo = z.object({ denoDir: z.string() });

/**
 * Starts this project's program, which ends with this process. It gets nothing of the environment but `env`: settings of
 * the user's own server must not reach it.
 *
 * @param wrapper a program, with its first arguments, that becomes Deno with the rest of them.
 * @param preload a module that Deno loads before the program.
 */
export function startMain(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  wrapper: readonly string[] = [],
  preload?: URL,
): Deno.ChildProcess {
  const before = preload === undefined ? [] : ["--preload", preload.href];
  const program = [Deno.execPath(), ...DENO_ARGS, ...before, MAIN];
  const [command = Deno.execPath(), ...all] = [...wrapper, ...program, ...args];
  const child = childCommand(command, {
    args: all,
    env: { ...env },
    clearEnv: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  running.add(child);
  child.status.then(() => running.delete(child));
  return child;
}

/** Kills every program that {@linkcode startMain} has started and that still runs, without waiting for its end. */
export function killAllChildren(): void {
  for (const child of running) {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}

/** The environment of a program whose home is `home`. `DENO_DIR` is named, since Deno would look for its packages there. */
export async function environmentOf(home: string, denoDir: string): Promise<Record<string, string>> {
  await Deno.mkdir(home, { recursive: true });
  return { HOME: home, DENO_DIR: denoDir };
}

/**
 * Where this Deno keeps what it has cached, with everything in it that the program needs: its children know no registry,
 * no proxy and no certificates.
 *
 * @throws RunError when a package cannot be had.
 */
export async function filledDenoDir(): Promise<string> {
  const cached = await childCommand(Deno.execPath(), { args: ["cache", "--quiet", MAIN] }).output();
  if (!cached.success) {
    throw new RunError(`Packages cannot be had:\n${new TextDecoder().decode(cached.stderr)}`);
  }
  const { stdout } = await childCommand(Deno.execPath(), { args: ["info", "--json"] }).output();
  return DenoInfo.parse(JSON.parse(new TextDecoder().decode(stdout))).denoDir;
}
