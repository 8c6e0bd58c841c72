const ROOT = new URL("../../", import.meta.url);

/** Every page for people. */
export const PAGES = [
  "README.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "docs/errors.md",
] as const;

/** The text of the file at `path`, counted from the root of the project. */
export function readPage(path: string): Promise<string> {
  return Deno.readTextFile(new URL(path, ROOT));
}

/** Whether there is a file or a folder at `path`, counted from `page`. */
export async function existsBeside(page: string, path: string): Promise<boolean> {
  try {
    await Deno.stat(new URL(path, new URL(page, ROOT)));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** The content of every fenced block of `language` in `text`. */
export function codeBlocks(text: string, language: string): string[] {
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, found, block]) =>
    found === language && block !== undefined ? [block] : []
  );
}
