/** `values` in one line: separated by `comma`, before the last by `or`. */
export function listed(values: readonly string[], comma: string, or: string): string {
  return `${values.slice(0, -1).join(comma)}${or}${values.at(-1)}`;
}
