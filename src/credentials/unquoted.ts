/**
 * `text` without one pair of straight quotation marks around it, and without the blanks inside those. Docker's
 * `--env-file` and some clients' configuration files make them part of the value.
 */
export function unquoted(text: string): string {
  return /^(["']).*\1$/s.test(text) ? text.slice(1, -1).trim() : text;
}
