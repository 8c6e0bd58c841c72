/** The flags of a command that are not settings, as given. */
export type GivenOwnFlags = Readonly<Record<string, string | true>>;

/**
 * Whether a command starts other programs, so that it needs the permission for that.
 *
 * @param command absent for the server.
 * @param isBinary whether the program is compiled. `demo` and `playground` start Deno, which it does not have.
 */
export function startsPrograms(
  command: string | undefined,
  isBinary: boolean,
  ownFlags: GivenOwnFlags = {},
): boolean {
  switch (command) {
    case "exec":
    case "install":
    case "setup":
    case "uninstall":
      return true;
    case "keep":
      return setsTimer(ownFlags);
    case "demo":
    case "playground":
      return !isBinary;
    default:
      return false;
  }
}

/** Whether `keep` is to be run by the system from time to time, or no more, and not now. */
export function setsTimer(ownFlags: GivenOwnFlags): boolean {
  return ownFlags.install === true || ownFlags.uninstall === true;
}
