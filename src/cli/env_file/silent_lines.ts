const ASSIGNMENT = /^\s*(?:export\s+)?[A-Za-z_][\w.-]*\s*=\s*(.*)$/;

/**
 * Numbers, from 1, of the lines of an env file that are neither `NAME=value` nor blank nor a comment: `set X=y`,
 * `$env:X = "y"`, `X: y`, JSON. `node:util` skips them, or reads names out of them that no setting has. A value in
 * quotation marks may span several lines.
 */
export function silentLines(text: string): number[] {
  const lines = text.split(/\r\n|\n|\r/);
  const silent: number[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    if (/^\s*(?:#.*)?$/.test(line)) continue;
    const value = ASSIGNMENT.exec(line)?.[1];
    if (value === undefined) silent.push(index + 1);
    else index += linesBelow(value, lines.slice(index + 1));
  }
  return silent;
}

/** Number of further lines that belong to `value`. */
function linesBelow(value: string, below: readonly string[]): number {
  const [quote = ""] = /^["'`]/.exec(value) ?? [];
  if (quote === "" || value.includes(quote, 1)) return 0;
  // A quotation mark that is never closed is part of the value, which ends with its line.
  return below.findIndex((line) => line.includes(quote)) + 1;
}
