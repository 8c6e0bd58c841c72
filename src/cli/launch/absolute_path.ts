import { posix, win32 } from "node:path";
import type { Platform } from "../../platform.ts";
import { expandedPath, readHomeForm } from "../../store/files/read_home_form.ts";

/** `path` from the root on, with the home directory in place of `~`: another program has another working directory. */
export function absolutePath(path: string, platform: Pick<Platform, "os" | "env" | "self">): string {
  const { os, self } = platform;
  const { isAbsolute, join, normalize } = os === "windows" ? win32 : posix;
  const reading = readHomeForm(path);
  const expanded = reading.kind === "home" ? expandedPath(reading, platform) : path;
  return isAbsolute(expanded) ? normalize(expanded) : join(self.cwd, expanded);
}
