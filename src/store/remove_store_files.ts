import { storeFiles } from "./store_files.ts";

/** Removes the KV file at `path` and everything that stands beside it. No process may have it open. */
export async function removeStoreFiles(path: string): Promise<void> {
  for (const file of Object.values(storeFiles(path))) {
    await Deno.remove(file, { recursive: true }).catch((error: unknown) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  }
}
