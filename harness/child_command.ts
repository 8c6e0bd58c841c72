/** By its whole path, since the environment of a child may have no `PATH`. */
const SETPRIV = "/usr/bin/setpriv";
let hasSetpriv: boolean | undefined;

/** A program and its arguments. */
export interface CommandLine {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * The command line of a program that the system ends with `signal` when this process is gone, however that has ended: a
 * run that is killed leaves no server behind. `setpriv` becomes the program, which so has the process id and the streams
 * of the child. Linux with util-linux only: elsewhere the program may outlive a run that is killed.
 */
export function endingWithThis(
  { command, args }: CommandLine,
  signal: "KILL" | "TERM" = "KILL",
): CommandLine {
  hasSetpriv ??= Deno.build.os === "linux" && exists(SETPRIV);
  if (!hasSetpriv) return { command, args };
  return { command: SETPRIV, args: ["--pdeathsig", signal, "--", command, ...args] };
}

/** As `new Deno.Command(program, options)`, of a program that ends with this process. */
export function childCommand(
  program: string,
  options: Deno.CommandOptions = {},
  signal: "KILL" | "TERM" = "KILL",
): Deno.Command {
  const { command, args } = endingWithThis({ command: program, args: options.args ?? [] }, signal);
  return new Deno.Command(command, { ...options, args: [...args] });
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
