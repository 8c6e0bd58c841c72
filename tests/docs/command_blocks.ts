/** A fenced block of commands. */
export interface CommandBlock {
  /** How tests tell it from others: its first line. */
  readonly title: string;
  /** What a shell is given. */
  readonly script: string;
  /** `sh`, or a shell that not every machine has. */
  readonly language: string;
  /** What the comment above it says, such as `not run: why`. */
  readonly mark: string | undefined;
}

/** In a list, the block and the comment above it are indented. */
const BLOCK = /(?:^ *<!-- ([^>]+) -->\n\n)?^( *)```(sh|powershell|bat)\n(.*?)^\2```$/gms;

/** Every block of commands in `page`, in order. */
export function commandBlocks(page: string): CommandBlock[] {
  return [...page.matchAll(BLOCK)].map(([, mark, indent = "", language = "", text = ""]) => {
    const script = text.replaceAll(new RegExp(`^${indent}`, "gm"), "");
    return {
      title: script.split("\n", 1)[0] ?? "",
      script,
      language,
      mark,
    };
  });
}
