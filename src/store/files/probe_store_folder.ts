import { isMissing } from "./is_missing.ts";
import { parentFolder, type StorePlace } from "./store_place.ts";
import { cannotMakeFolder, cannotWrite } from "./private_files.ts";

/**
 * Checks that a start could make a store at `place`, where none exists: makes and removes a file in the store's
 * folder, or in the nearest folder above it that exists.
 *
 * @returns that folder.
 * @throws StartError in one line, the same as the start would throw.
 */
export async function probeStoreFolder(
  place: Extract<StorePlace, { readonly kind: "file" }>,
  os: typeof Deno.build.os,
): Promise<string> {
  const folder = parentFolder(place.path, os);
  const nearest = await nearestFolder(folder, os);
  try {
    await Deno.remove(await Deno.makeTempFile({ dir: nearest, prefix: ".feishu-token-mcp-" }));
  } catch (error) {
    throw nearest === folder ? cannotWrite(place.path, error) : cannotMakeFolder(folder, error);
  }
  return nearest;
}

async function nearestFolder(folder: string, os: typeof Deno.build.os): Promise<string> {
  for (let path = folder;; path = parentFolder(path, os)) {
    try {
      if ((await Deno.stat(path)).isDirectory) return path;
      throw new Deno.errors.NotADirectory();
    } catch (error) {
      const isTop = parentFolder(path, os) === path;
      if (!isMissing(error) || error instanceof Deno.errors.NotADirectory || isTop) {
        throw cannotMakeFolder(folder, error);
      }
    }
  }
}
