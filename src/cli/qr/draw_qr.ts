import type { QrStyle } from "./qr_style.ts";

/** Rows of modules from the top, each from the left; `true` is dark. */
export type QrModules = readonly (readonly boolean[])[];

// Colours of the cube of 256, not of the first 16: themes replace those, some by the opposite.
const BLACK = 16;
const WHITE = 231;
const RESET = "\x1b[0m";

/** By whether the upper and the lower module are dark. */
const HALF_BLOCKS = { both: "█", upper: "▀", lower: "▄", neither: " " };

/** How many columns `modules` take. */
export function drawnWidth(modules: QrModules, style: QrStyle): number {
  return style === "half blocks" ? modules.length : 2 * modules.length;
}

/** `modules` in black on white, as lines of text that each end with a line feed. */
export function drawQr(modules: QrModules, style: QrStyle): string {
  const lines = style === "half blocks" ? inHalfBlocks(modules) : inBackgrounds(modules);
  return lines.map((line) => `${line}${RESET}\n`).join("");
}

function inHalfBlocks(modules: QrModules): string[] {
  const pairs = modules.flatMap((row, y) => y % 2 === 0 ? [{ upper: row, lower: modules[y + 1] ?? [] }] : []);
  return pairs.map(({ upper, lower }) => {
    const cells = upper.map((isDark, x) => halfBlock(isDark, lower[x] ?? false));
    return `\x1b[38;5;${BLACK};48;5;${WHITE}m${cells.join("")}`;
  });
}

function halfBlock(isUpperDark: boolean, isLowerDark: boolean): string {
  if (isUpperDark) return isLowerDark ? HALF_BLOCKS.both : HALF_BLOCKS.upper;
  return isLowerDark ? HALF_BLOCKS.lower : HALF_BLOCKS.neither;
}

function inBackgrounds(modules: QrModules): string[] {
  return modules.map((row) =>
    row.map((isDark, x) => isDark === row[x - 1] ? "  " : `\x1b[48;5;${isDark ? BLACK : WHITE}m  `).join("")
  );
}
