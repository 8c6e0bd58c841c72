const COMMIT_HASH = /^[0-9a-f]{40}$/;

/**
 * The commit that is checked out in `folder`, read from git's own files; `undefined` where there is none, or where it may
 * not be read. Says nothing of changes since.
 */
export async function checkoutCommit(folder: URL): Promise<string | undefined> {
  try {
    const own = await gitFolder(folder);
    const head = await line(new URL("HEAD", own));
    if (COMMIT_HASH.test(head)) return head;
    const [, name = ""] = /^ref: (refs\/[\w./-]+)$/.exec(head) ?? [];
    return await commitOf(name, await sharedFolder(own));
  } catch {
    return undefined;
  }
}

/** In a worktree, `.git` is a file that names the folder. */
async function gitFolder(folder: URL): Promise<URL> {
  const git = new URL(".git", folder);
  if ((await Deno.stat(git)).isDirectory) return new URL(`${git}/`);
  return folderAt((await line(git)).replace(/^gitdir: /, ""), folder);
}

/** The folder that all worktrees share. */
async function sharedFolder(own: URL): Promise<URL> {
  try {
    return folderAt(await line(new URL("commondir", own)), own);
  } catch {
    return own;
  }
}

async function commitOf(name: string, shared: URL): Promise<string | undefined> {
  try {
    return hash(await line(new URL(name, shared)));
  } catch {
    const packed = await Deno.readTextFile(new URL("packed-refs", shared));
    return hash(packed.split("\n").find((each) => each.endsWith(` ${name}`))?.slice(0, 40));
  }
}

function hash(text: string | undefined): string | undefined {
  return text !== undefined && COMMIT_HASH.test(text) ? text : undefined;
}

function folderAt(path: string, base: URL): URL {
  return new URL(`${path.replaceAll("\\", "/")}/`, base);
}

async function line(file: URL): Promise<string> {
  return (await Deno.readTextFile(file)).trim();
}
