import type { Platform } from "../../platform.ts";

/** A program to run on the standard streams of this one. */
export interface ProgramOptions {
  /** Name or path, and arguments. */
  readonly program: readonly string[];
  /** Its whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Source of the signals that are passed on. */
  readonly platform: Pick<Platform, "onSignal" | "isTerminal" | "isStdinTerminal">;
}

/**
 * Runs a program to its end, and passes signals on to it.
 *
 * @returns its exit code; after a signal 128 and its number.
 * @throws Deno.errors.NotFound, Deno.errors.PermissionDenied and others where it cannot be started.
 */
export async function runProgram({ program, env, platform }: ProgramOptions): Promise<number> {
  const [file = "", ...args] = program;
  // A terminal sends the interrupt to every program on it, so that the child has it already.
  const isOnTerminal = platform.isTerminal || platform.isStdinTerminal();
  const child = new Deno.Command(file, {
    args,
    env: { ...env },
    clearEnv: true,
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn();
  const end = platform.onSignal((signal) => {
    if (signal === "SIGINT" && isOnTerminal) return;
    try {
      child.kill(signal ?? "SIGTERM");
    } catch {
      // It has already ended.
    }
  });
  try {
    return (await child.status).code;
  } finally {
    end();
  }
}
