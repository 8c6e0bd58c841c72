/** What is at `path`, through links; `undefined` where nothing is, or it may not be looked at. */
export async function statOf(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch {
    return undefined;
  }
}
