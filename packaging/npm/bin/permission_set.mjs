// deno-lint-ignore-file explicit-function-return-type -- plain JavaScript has no return types
/**
 * The permission set of `server/deno.json` that a command line needs: `cli` for a command that starts programs, else
 * `serve`, so that a server cannot start one. A command line that the program refuses gets `serve`.
 *
 * @param {readonly string[]} args of the program.
 * @param {object} words what the build has taken from the tables of the program (`words.json`).
 * @param {readonly string[]} words.valueFlags flags whose next word is their value.
 * @param {Readonly<Record<string, readonly string[]>>} words.startingPrograms by command the flags of which one must be
 *     there; none where the command always starts programs.
 * @returns {"cli" | "serve"}
 */
export function permissionSet(args, { valueFlags, startingPrograms }) {
  const command = commandOf(args, valueFlags);
  if (command === undefined || !Object.hasOwn(startingPrograms, command)) return "serve";
  const flags = startingPrograms[command];
  return flags.length === 0 || flags.some((flag) => args.includes(flag)) ? "cli" : "serve";
}

/** @returns {string | undefined} the first word that is neither a flag nor the value of one. */
function commandOf(args, valueFlags) {
  for (let at = 0; at < args.length; at++) {
    const argument = args[at];
    if (argument === "--") return undefined;
    if (!argument.startsWith("-")) return argument;
    if (valueFlags.includes(argument)) at++;
  }
  return undefined;
}
