/** A file or folder, as `stat` and a reader find it. */
export interface FoundFile {
  readonly path: string;
  readonly isFile: boolean;
  /** The permission bits. */
  readonly mode: number;
  /** Each byte as the character of that number, so that any text of ASCII can be looked for; empty for a folder. */
  readonly bytes: string;
}

/** `folder` and everything in it. What goes away meanwhile is left out. */
export async function filesUnder(folder: string): Promise<FoundFile[]> {
  const found: FoundFile[] = [await foundFile(folder)];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    try {
      found.push(...isDirectory ? await filesUnder(path) : [await foundFile(path)]);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return found;
}

async function foundFile(path: string): Promise<FoundFile> {
  const { isFile, mode } = await Deno.stat(path);
  const bytes = isFile ? new TextDecoder("latin1").decode(await Deno.readFile(path)) : "";
  return { path, isFile, mode: (mode ?? 0) & 0o777, bytes };
}
