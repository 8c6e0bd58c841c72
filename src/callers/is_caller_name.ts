/** Short enough for a log line, and without any character that a key of the store or a command line would need to quote. */
const NAME = /^[a-z0-9][a-z0-9_.-]{0,62}$/;

/** Whether `text` can be the name of a caller: 1 to 63 of `a-z`, `0-9`, `_`, `.` and `-`, the first a letter or digit. */
export function isCallerName(text: string): boolean {
  return NAME.test(text);
}
