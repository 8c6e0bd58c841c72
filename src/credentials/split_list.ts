/** The entries of a list that is written as one text, separated by blanks or commas, without blank and repeated ones. */
export function splitList(text: string): string[] {
  return [...new Set(text.split(/[\s,，、;；]+/).filter((entry) => entry !== ""))];
}
