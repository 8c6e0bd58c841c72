import { BuildError } from "./build_error.ts";

/** Runs one build of the command line and ends the process: with 0, or with 1 and one line on standard error. */
export async function buildCommand(
  build: (say: (line: string) => void) => Promise<void>,
): Promise<never> {
  try {
    await build((line) => write(Deno.stdout, line));
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    write(Deno.stderr, error.message);
    Deno.exit(1);
  }
  Deno.exit(0);
}

function write(
  stream: { writeSync(bytes: Uint8Array): number },
  line: string,
): void {
  stream.writeSync(new TextEncoder().encode(`${line}\n`));
}
