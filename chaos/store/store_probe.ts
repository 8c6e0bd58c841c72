import type { Platform } from "../../src/platform.ts";
import type { AppCredentials } from "../../src/ports/feishu.ts";
import type { Log } from "../../src/ports/log.ts";
import { DEFAULT_SANDBOX_APP } from "../../src/sandbox/sandbox_apps.ts";
import { Secret } from "../../src/secret.ts";
import { type AppKeys, serverKeyring } from "../../src/store/sealing/keyring.ts";
import { placeOf, type RecordPlace, slotKey } from "../../src/store/records/keys.ts";
import { DenoKv } from "../../src/store/kv/deno_kv.ts";
import { OneHandle } from "../../src/store/kv/kv_database.ts";
import { openSchema } from "../../src/store/store_schema.ts";
import { parseServerKeys } from "../../src/store/sealing/server_key.ts";

const APP: AppCredentials = {
  brand: "feishu",
  appId: DEFAULT_SANDBOX_APP.formerAppId,
  appSecret: new Secret(DEFAULT_SANDBOX_APP.appSecret),
};
const say = (): void => {};
const SILENT: Log = { error: say, warn: say, info: say, debug: say, with: () => SILENT };

/** Reads the store and the journals from outside, and writes nothing. It has the key, since names are keyed hashes. */
export class StoreProbe implements Disposable {
  readonly #kv: Deno.Kv;
  readonly #keys: AppKeys;
  readonly #feishuUrl: string;

  private constructor(kv: Deno.Kv, keys: AppKeys, feishuUrl: string) {
    this.#kv = kv;
    this.#keys = keys;
    this.#feishuUrl = feishuUrl;
  }

  /** Opens the store at `path`, which the servers open with the key `serverKey`, for the Feishu at `feishuUrl`. */
  static async open(
    platform: Platform,
    path: string,
    serverKey: string,
    feishuUrl: string,
  ): Promise<StoreProbe> {
    const { clock, random } = platform;
    const kv = await platform.openKv(path);
    const keys = await parseServerKeys(new Secret(serverKey));
    const { nameKey } = await openSchema(
      new DenoKv({ database: new OneHandle(kv), clock, random, log: SILENT }),
      keys,
      random,
    );
    if (nameKey === null) throw new Error("A store with a server key has a name key");
    const { shared } = await serverKeyring("environment", keys, nameKey, random);
    if (shared === null) throw new Error("A keyring on server keys is shared");
    return new StoreProbe(kv, shared, feishuUrl);
  }

  /** The place of the record that follows `refreshToken`. */
  place(refreshToken: string): Promise<RecordPlace> {
    return placeOf({ kind: "caller", credentials: APP, presented: new Secret(refreshToken) }, this.#keys);
  }

  /** The version of the lease at `place`; `null` while there is none. */
  async leaseVersion(place: RecordPlace): Promise<string | null> {
    return (await this.#kv.get(slotKey("lease", place))).versionstamp;
  }

  /** The version of the grant of a person; `null` while there is none. */
  async grantVersion(openId: string): Promise<string | null> {
    const place = await placeOf(
      { kind: "grant", credentials: APP, user: openId, at: this.#feishuUrl },
      this.#keys,
    );
    return (await this.#kv.get(slotKey("token", place))).versionstamp;
  }

  /** How many pairs of logins the journal in `folder` has. */
  async journaledLogins(folder: string): Promise<number> {
    let count = 0;
    for await (const { name } of Deno.readDir(folder)) if (name.startsWith("login.")) count++;
    return count;
  }

  /** Whether the journal in `folder` has an entry for `place`. */
  async isJournaled(folder: string, place: RecordPlace): Promise<boolean> {
    for await (const { name } of Deno.readDir(folder)) {
      if (name.startsWith(`${place.kind}.${place.hash}.`)) return true;
    }
    return false;
  }

  [Symbol.dispose](): void {
    this.#kv.close();
  }
}
