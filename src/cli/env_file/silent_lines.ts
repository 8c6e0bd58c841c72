const ASSIGNMENT = /^\s*(?:export\s+)?[A-Za-z_][\w.-]*\s*=\s*(.*)$/;

/**
 * Numbers of the lines of an env file, from 1, that neither say `NAME=value` nor are blank or a comment: `set X=y`,
 * `$env:X = "y"`, `X: y`, JSON. `node:util` passes over them or makes names of them that nothing looks for. A value in
 * quotation marks may go over several lines.
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

/** How many lines below that of `value` still belong to it. */
function linesBelow(value: string, below: readonly string[]): number {
  const [quote = ""] = /^["'`]/.exec(value) ?? [];
  if (quote === "" || value.includes(quote, 1)) return 0;
  // An open quotation mark that nobody closes belongs to the value of its own line.
  return below.findIndex((line) => line.includes(quote)) + 1;
}
