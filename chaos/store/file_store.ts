import { DatabaseSync } from "node:sqlite";
import { storeFiles } from "../../src/store/files/store_files.ts";
import { pause } from "../../harness/pause.ts";
import type { ChaosStore, StoreTrouble } from "./chaos_store.ts";

const LOCK_AGAIN_MS = 2;

/** One KV file on one machine. It fails by being locked: another program keeps SQLite's write lock. */
export function fileStore(folder: string): ChaosStore {
  const path = `${folder}/tokens.kv`;
  const locked: StoreTrouble = {
    name: "file locked",
    async begin(): Promise<() => Promise<void>> {
      // SQLite's own patience would stop this whole process, which has others to attend to.
      const database = new DatabaseSync(path, { timeout: 0 });
      while (!isLocked(database)) await pause(LOCK_AGAIN_MS);
      return () => {
        database.exec("ROLLBACK");
        database.close();
        return Promise.resolve();
      };
    },
  };
  return {
    kv: path,
    env: {},
    troubles: [locked],
    machines: [{ name: "a", home: `${folder}/home`, journal: storeFiles(path).journal }],
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Takes the write lock, unless a server has it. */
function isLocked(database: DatabaseSync): boolean {
  try {
    database.exec("BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if (error instanceof Error && error.message.includes("locked")) return false;
    throw error;
  }
}
