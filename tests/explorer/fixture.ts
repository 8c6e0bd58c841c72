import type { AppKeys } from "../../src/store/sealing/keyring.ts";
import { testAppKeys } from "../store/test_keys.ts";
import { World } from "./world.ts";
import type { WorldOptions } from "./world_options.ts";

/** A folder in memory, where there is one: the journal really flushes, many times a walk. */
const MEMORY_FOLDER = "/dev/shm";

/** The database and the folder of a test's worlds, which use them one after the other. Emptied for each. */
export class Fixture implements AsyncDisposable {
  readonly #kv: Deno.Kv;
  readonly #folder: string;
  readonly #keys: AppKeys;

  private constructor(kv: Deno.Kv, folder: string, keys: AppKeys) {
    this.#kv = kv;
    this.#folder = folder;
    this.#keys = keys;
  }

  /** An empty one. */
  static async make(): Promise<Fixture> {
    const isThere = await Deno.stat(MEMORY_FOLDER).then(({ isDirectory }) => isDirectory, () => false);
    const options = { prefix: "explorer-", ...(isThere ? { dir: MEMORY_FOLDER } : {}) };
    return new Fixture(await Deno.openKv(":memory:"), await Deno.makeTempDir(options), await testAppKeys());
  }

  /** A world on a clean fixture. The one before is over. */
  async world(options: WorldOptions = {}): Promise<World> {
    for await (const { key } of this.#kv.list({ prefix: [] })) await this.#kv.delete(key);
    for (const { name } of [...Deno.readDirSync(this.#folder)]) {
      Deno.removeSync(`${this.#folder}/${name}`, { recursive: true });
    }
    return await World.begin({ kv: this.#kv, folder: this.#folder, keys: this.#keys }, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#kv.close();
    await Deno.remove(this.#folder, { recursive: true });
  }
}
