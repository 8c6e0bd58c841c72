import { assertRegular } from "./assert_regular.ts";

/**
 * Whether a regular file, or a link to one, is at `path`; `false` where nothing is. The file is not opened.
 *
 * @throws UnfitFile when something else is there; else Error of the operating system.
 */
export async function isRegularFile(path: string): Promise<boolean> {
  try {
    assertRegular(await Deno.stat(path));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
