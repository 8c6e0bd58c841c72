const ROOT = new URL("../../", import.meta.url);

/** The pages that are kept in English and in Chinese. */
export const TRANSLATED_PAGES = [
  "README.md",
  "docs/clients.md",
  "docs/configuration.md",
  "docs/deploy.md",
  "docs/errors.md",
  "docs/fault-injection.md",
  "docs/from-python.md",
  "docs/getting-started.md",
  "docs/logins.md",
  "docs/promises.md",
  "docs/sandbox.md",
  "docs/security.md",
  "docs/session-credentials.md",
  "docs/storage.md",
  "docs/tools.md",
  "docs/troubleshooting.md",
] as const;

/** Every page for people. */
export const PAGES: readonly string[] = [
  ...TRANSLATED_PAGES,
  ...TRANSLATED_PAGES.map(chinesePage),
  "docs/renewal.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "docs/architecture.md",
  "docs/benchmarks.md",
  "tests/README.md",
  "tests/explorer/README.md",
];

/** The path of the Chinese version of `page`. */
export function chinesePage(page: string): string {
  return page.replace(/\.md$/, ".zh-CN.md");
}

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

/** `text` without its fenced blocks and its HTML comments. */
export function proseOf(text: string): string {
  return text.replaceAll(/^```\w*\n.*?^```$/gms, "").replaceAll(/<!--.*?-->/gs, "");
}
