/** Folder into which npm puts what `npx` fetches for one run. A Deno there is most likely not on the user's `PATH`. */
const OF_NPX = /[/\\]_npx[/\\]/;

/**
 * The command line that a person types to call this program with `words`: by its name where it is a binary, else as a
 * task, by the Deno that runs now.
 *
 * @param words are shown as they are: no secrets, and nothing that a shell would expand.
 */
export function shownCommand(words: readonly string[]): string {
  if (Deno.build.standalone) return ["feishu-token-mcp", ...words].join(" ");
  return [...denoWords(Deno.execPath(), Deno.version.deno), "task", ...words].join(" ");
}

/** The words that call the Deno of `version` at `path`. */
export function denoWords(path: string, version: string): string[] {
  return OF_NPX.test(path) ? ["npx", "-y", `deno@${version}`] : ["deno"];
}
