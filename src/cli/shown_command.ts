/**
 * How this program is called with `words`, for a person to type: as its task, or by its name where it is one binary.
 *
 * @param words Shown as they are: no secret, and nothing that a shell reads otherwise.
 */
export function shownCommand(words: readonly string[]): string {
  return [Deno.build.standalone ? "feishu-token-mcp" : "deno task", ...words].join(" ");
}
