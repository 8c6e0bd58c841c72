import { parseArgs, type ParseArgsConfig, type ParseArgsOptionsConfig } from "node:util";

/** Of a command line that cannot be read, by convention. */
const EXIT_USAGE = 2;

/** A mistake in the command line of a developer's task: what is wrong, and what would be right. */
export class UsageError extends Error {
  /** Makes the error. */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "UsageError";
  }
}

/**
 * Node's `parseArgs`, strict.
 *
 * @throws UsageError for an argument that is not among those of `config`.
 */
export function readArguments<
  const T extends Omit<ParseArgsConfig, "strict"> & { options: ParseArgsOptionsConfig },
>(
  config: T,
): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    const [problem = ""] = error instanceof Error ? error.message.split(/\. |\n/) : [];
    throw new UsageError(problem, { cause: error });
  }
}

/**
 * A whole number of at least `least`.
 *
 * @throws UsageError that names the flag.
 */
export function wholeNumber(flag: string, text: string, least: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
  throw new UsageError(`--${flag} is "${text}": a whole number of at least ${least}`);
}

/**
 * Runs a developer's task and ends the process with its exit code. `--help` prints `usage`; a command line that cannot be
 * read ends in one line and `usage`, with exit code 2.
 */
export async function runTask(usage: string, task: (args: string[]) => Promise<number>): Promise<never> {
  if (Deno.args.includes("--help")) {
    write(Deno.stdout, usage);
    Deno.exit(0);
  }
  try {
    Deno.exit(await task(Deno.args));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    write(Deno.stderr, `${error.message}\n\n${usage}`);
    Deno.exit(EXIT_USAGE);
  }
}

function write(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  const bytes = new TextEncoder().encode(`${text}\n`);
  for (let written = 0; written < bytes.length;) written += stream.writeSync(bytes.subarray(written));
}
