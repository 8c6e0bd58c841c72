import { posix, win32 } from "node:path";
import { commandOf } from "../client_files/entry_format.ts";
import { OUTSIDE_NAMES } from "../../outside_names.ts";

/** Name of the entry where none is given, as in `docs/clients.md`. */
export const DEFAULT_ENTRY = "feishu-token";

/**
 * Whether an entry starts this program, so that it may be replaced or removed. What bears the name that the
 * documentation gives counts as such, in whatever form.
 */
export function isOwnEntry(name: string, entry: unknown): boolean {
  if (name === DEFAULT_ENTRY) return true;
  const command = commandOf(entry);
  if (command === undefined || !command.args.includes("--stdio")) return false;
  const words = [command.command, ...command.args];
  return words.some((word) => partsOf(word).some((part) => part.startsWith(OUTSIDE_NAMES.npmPackage))) ||
    (command.args.includes("-P=serve") && words.some((word) => partsOf(word).at(-1) === "main.ts"));
}

function partsOf(path: string): string[] {
  return path.split(win32.sep).flatMap((part) => part.split(posix.sep));
}
