/** What is at `path`, links followed; `undefined` where there is nothing or access is refused. */
export async function statOf(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch {
    return undefined;
  }
}
