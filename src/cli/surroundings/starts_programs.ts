/**
 * Whether a command starts other programs, so that it needs the permission for that.
 *
 * @param command absent for the server.
 * @param isBinary whether the program is compiled. `demo` and `playground` start Deno, which it does not have.
 */
export function startsPrograms(command: string | undefined, isBinary: boolean): boolean {
  switch (command) {
    case "exec":
      return true;
    case "demo":
    case "playground":
      return !isBinary;
    default:
      return false;
  }
}
