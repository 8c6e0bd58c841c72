/** Permissions as people write them: separated by blanks or commas. */
export function readScopes(text: string): string[] {
  return text.split(/[\s,]+/).filter((scope) => scope !== "");
}
