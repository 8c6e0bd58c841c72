// deno-lint-ignore-file explicit-function-return-type -- plain JavaScript has no return types
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import process from "node:process";
import { isatty } from "node:tty";

/**
 * Whether a SIGINT that has arrived is a key press, which the terminal has sent to every program of its foreground, the
 * child among them. A signal from elsewhere reaches this process alone.
 *
 * @returns {boolean}
 */
export function isFromTerminal() {
  const [own, foreground] = processGroups();
  if (own > 0) return own === foreground;
  return [0, 1, 2].some((descriptor) => isatty(descriptor));
}

/**
 * The group of this process, and the one in the foreground of its terminal: -1 or 0 where it has no terminal.
 *
 * @returns {readonly [own: number, foreground: number]} `NaN` where the system does not tell.
 */
function processGroups() {
  try {
    if (process.platform === "linux") {
      // The name, in parentheses, may hold anything.
      const fields = readFileSync("/proc/self/stat", "utf8").split(") ").at(-1).split(" ");
      return [Number(fields[2]), Number(fields[5])];
    }
    const ps = ["-o", "pgid=,tpgid=", "-p", String(process.pid)];
    const [own, foreground] = execFileSync("ps", ps, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    })
      .trim().split(/\s+/).map(Number);
    return [own, foreground];
  } catch {
    return [NaN, NaN];
  }
}
