import { posix, win32 } from "node:path";
import type { PlaceOptions } from "./place_options.ts";
import { UnsetVariable } from "./unset_variable.ts";

/**
 * The home directory at the beginning of a path, as shells, Windows and the configuration files of clients spell it.
 */
const HOME_FORM =
  /^(?:~|\$HOME\b|\$\{(?:env:)?HOME\}|\$env:HOME\b|\$USERPROFILE\b|\$\{(?:env:)?USERPROFILE\}|\$env:USERPROFILE\b|%(?:USERPROFILE|HOME)%|\$\{userHome\})(?=[/\\]|$)/i;

/** A placeholder that a shell or a client would have replaced: `${workspaceFolder}`, `$DATA`, `%APPDATA%`, `<path>`. */
const PATH_PLACEHOLDER =
  /\$\{[^}]*\}?|\$\([^)]*\)?|\$(?:env:)?[A-Za-z_]\w*|%[A-Za-z_]\w*%|\{\{[^}]*\}?\}?|<[^<>/\\]+>|^~[^/\\]+(?=[/\\])/;

/**
 * What a path has in it: nothing to replace, the home directory at its beginning, or a placeholder with no known
 * value.
 */
export type PathReading =
  | { readonly kind: "plain" }
  /** `home` is the text for the home directory, `rest` what follows it, with its separator in front. */
  | { readonly kind: "home"; readonly home: string; readonly rest: string }
  | { readonly kind: "placeholder"; readonly placeholder: string };

/** Finds in `path` what a shell would have replaced: the configuration of an MCP client goes through no shell. */
export function readHomeForm(path: string): PathReading {
  const [home = ""] = HOME_FORM.exec(path) ?? [];
  const rest = path.slice(home.length);
  const [placeholder] = PATH_PLACEHOLDER.exec(rest) ?? [];
  if (placeholder !== undefined) return { kind: "placeholder", placeholder };
  return home === "" ? { kind: "plain" } : { kind: "home", home, rest };
}

/**
 * The path that a `home` reading means, with the separators of this machine: a path that was written for Windows
 * names the same folders elsewhere.
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
