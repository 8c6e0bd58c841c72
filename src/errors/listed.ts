/** `values` in one line: separated by `comma`, before the last by `or`. */
export function listed(values: readonly string[], comma: string, or: string): string {
  const [last = "", ...before] = values.toReversed();
  return before.length === 0 ? last : `${before.toReversed().join(comma)}${or}${last}`;
}
