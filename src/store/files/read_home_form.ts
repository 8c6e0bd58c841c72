import { posix, win32 } from "node:path";
import type { PlaceOptions } from "./store_place.ts";
import { UnsetVariable } from "./unset_variable.ts";

/** The home directory as shells, Windows and the clients' configuration files spell it, at the beginning of a path. */
const HOME_FORM =
  /^(?:~|\$HOME\b|\$\{(?:env:)?HOME\}|\$env:HOME\b|\$USERPROFILE\b|\$\{(?:env:)?USERPROFILE\}|\$env:USERPROFILE\b|%(?:USERPROFILE|HOME)%|\$\{userHome\})(?=[/\\]|$)/i;

/** What a shell or a client would have replaced anywhere in a path: `${workspaceFolder}`, `$DATA`, `%APPDATA%`, `<path>`. */
const PLACEHOLDER =
  /\$\{[^}]*\}?|\$\([^)]*\)?|\$(?:env:)?[A-Za-z_]\w*|%[A-Za-z_]\w*%|\{\{[^}]*\}?\}?|<[^<>/\\]+>|^~[^/\\]+(?=[/\\])/;

/** A path without placeholders, or the first one that nobody here can replace. */
export type PathReading =
  | { readonly kind: "plain" }
  /** `home`: what stands for the home directory; `rest`: what follows it, with a separator in front where there is any. */
  | { readonly kind: "home"; readonly home: string; readonly rest: string }
  | { readonly kind: "placeholder"; readonly placeholder: string };

/** Looks for what a shell would have replaced in `path`: client configurations have none. */
export function readHomeForm(path: string): PathReading {
  const [home = ""] = HOME_FORM.exec(path) ?? [];
  const rest = path.slice(home.length);
  const [placeholder] = PLACEHOLDER.exec(rest) ?? [];
  if (placeholder !== undefined) return { kind: "placeholder", placeholder };
  return home === "" ? { kind: "plain" } : { kind: "home", home, rest };
}

/**
 * The path that `reading` means, with the separators of this machine: what was written for Windows means the same folders
 * elsewhere.
 *
 * @throws UnsetVariable when nothing tells where the home directory is.
 */
export function expandedPath(
  { rest }: Extract<PathReading, { readonly kind: "home" }>,
  options: Pick<PlaceOptions, "os" | "env">,
): string {
  const home = homeDirectory(options);
  if (options.os === "windows") {
    if (home === undefined) throw new UnsetVariable("USERPROFILE");
    return win32.join(home, rest);
  }
  if (home === undefined) throw new UnsetVariable("HOME");
  return posix.join(home, rest.startsWith("\\") ? rest.replaceAll("\\", "/") : rest);
}

/** The user's home directory; `undefined` where no variable names one. */
function homeDirectory({ os, env }: Pick<PlaceOptions, "os" | "env">): string | undefined {
  const names = os === "windows" ? ["USERPROFILE", "HOME"] : ["HOME"];
  const { isAbsolute } = os === "windows" ? win32 : posix;
  return names.map((name) => env(name)).find((path) => path !== undefined && isAbsolute(path));
}
