/** A line for people. */
const CLEAR = /^feishu-token-mcp: \S.{10,}$/m;
/** What a program says that did not expect this. */
const CONFUSED = /Uncaught|\n\s+at |\bundefined\b|internal error/i;

/**
 * What is wrong with the way in which a start was refused; `null` where nothing is.
 *
 * @param stderr everything that the program has written.
 * @param culprit part of the name of the file that a line must name.
 */
export function refusalFault(stderr: string, culprit = ""): string | null {
  const line = CLEAR.exec(stderr)?.[0];
  if (line === undefined || CONFUSED.test(stderr)) {
    return `the start ends without a clear line: ${stderr.slice(-300).replaceAll("\n", " ¶ ")}`;
  }
  return line.includes(culprit) ? null : `the line does not name ${culprit}: ${line}`;
}
