/** Where npm puts what `npx` fetches for one run: then no `deno` is on the reader's `PATH`, as far as can be told. */
const OF_NPX = /[/\\]_npx[/\\]/;

/**
 * How this program is called with `words`, for a person to type: by its name where it is one binary, else as its task, in
 * the way in which Deno was called this time.
 *
 * @param words Shown as they are: no secret, and nothing that a shell reads otherwise.
 */
export function shownCommand(words: readonly string[]): string {
  if (Deno.build.standalone) return ["feishu-token-mcp", ...words].join(" ");
  return [...denoWords(Deno.execPath(), Deno.version.deno), "task", ...words].join(" ");
}

/** What stands for Deno of `version` at `path` on a command line. */
export function denoWords(path: string, version: string): string[] {
  return OF_NPX.test(path) ? ["npx", "-y", `deno@${version}`] : ["deno"];
}
