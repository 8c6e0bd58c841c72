import type { Platform } from "../../platform.ts";

/**
 * How modules are drawn.
 *
 * - `half blocks`: two modules, one above the other, in a character.
 * - `backgrounds`: one module in two characters, blanks on a coloured background.
 */
export type QrStyle = "half blocks" | "backgrounds";

/**
 * How a QR code is drawn on the terminal of standard error, or `none`: without colours it depends on the terminal's theme
 * whether dark is dark, and many scanners refuse a code that is inverted.
 */
export function qrStyle(
  { isTerminal, env, os }: Pick<Platform, "isTerminal" | "env" | "os">,
): QrStyle | "none" {
  if (!isTerminal || env("TERM") === "dumb" || env("NO_COLOR")) return "none";
  // Windows has no such variables, and its terminals are all Unicode.
  if (os === "windows") return "half blocks";
  const locale = env("LC_ALL") || env("LC_CTYPE") || env("LANG") || "";
  return /utf-?8/i.test(locale) ? "half blocks" : "backgrounds";
}
