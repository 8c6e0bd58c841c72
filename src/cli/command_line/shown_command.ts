import { isFromSources } from "../../process/is_from_sources.ts";

/** Folder into which npm puts what `npx` fetches for one run. A Deno there is most likely not on the user's `PATH`. */
const OF_NPX = /[/\\]_npx[/\\]/;
/** Folder of npm's packages. */
const OF_NPM = /[/\\]node_modules[/\\]/;

/**
 * The command line that a person types to call this program with `words`: as a task, by the Deno that runs now, where it
 * runs from its sources; else by its name, behind `npx` where it is an npm package.
 *
 * @param words are shown as they are: no secrets, and nothing that a shell would expand.
 */
export function shownCommand(words: readonly string[]): string {
  if (isFromSources()) return [...denoWords(Deno.execPath(), Deno.version.deno), "task", ...words].join(" ");
  const npx = !Deno.build.standalone && OF_NPM.test(Deno.mainModule) ? ["npx"] : [];
  return [...npx, "feishu-token-mcp", ...words].join(" ");
}

/** Commands that work on the store, so that they need the flags by which it was found. */
const STORE_COMMANDS = /^(?:login|status|logout|keep|token)\b/;

/**
 * `text`, with each command of this program in it, such as `feishu-token-mcp login`, as a person types it here.
 *
 * @param place the flags that were given for store and app ({@linkcode placeFlags}): a command without them works elsewhere.
 */
export function inShownCommands(text: string, place: readonly string[] = []): string {
  return text.replaceAll(/`feishu-token-mcp ([a-z][^`]*)`/g, (_named, words: string) => {
    const flags = STORE_COMMANDS.test(words) ? place : [];
    return `\`${shownCommand([words, ...flags])}\``;
  });
}

/** The words that call the Deno of `version` at `path`. */
export function denoWords(path: string, version: string): string[] {
  return OF_NPX.test(path) ? ["npx", "-y", `deno@${version}`] : ["deno"];
}
