import type { Brand } from "../brand.ts";
import type { Secret } from "../secret.ts";

/** App credentials that the store holds under a name. */
export interface KeptApp {
  /** Chosen by the person. */
  readonly name: string;
  /** Where the app was made. */
  readonly brand: Brand;
  /** Id of the app. */
  readonly appId: string;
  /** Sealed in the store, and never shown again. */
  readonly appSecret: Secret;
  /** Address of Feishu's API, or name of the simulated Feishu; absent for the brand's own hosts. */
  readonly at?: string;
  /** When it was added, Unix milliseconds. */
  readonly addedAtMs: number;
  /** The person who made it by scan, as the app sees them: its first login expects them. */
  readonly madeBy?: string;
}

/** The kept apps of a store, and which of them counts where none is named. */
export interface AppList {
  /** Name of the app that counts where none is named; absent where there is no app. */
  readonly defaultName?: string;
  /** In the order in which they were added. */
  readonly apps: readonly KeptApp[];
}

/**
 * The kept apps of one store. Changes are made by compare-and-set: of two at once both are made.
 *
 * Every method throws `TokenError`: `store_unavailable` or `store_unreadable` for what the store does, `app_not_found` and
 * `app_name_taken` for names.
 */
export interface AppKeeper {
  /** All of them. */
  read(): Promise<AppList>;
  /**
   * Keeps an app. The first one becomes the default.
   *
   * @throws TokenError `app_name_taken` where the name has another app, `app_kept_already` where the app has another name.
   */
  add(app: Omit<KeptApp, "addedAtMs">): Promise<KeptApp>;
  /** Makes the app of this name the default. */
  use(name: string): Promise<KeptApp>;
  /** Gives the app of this name another one. */
  rename(name: string, newName: string): Promise<KeptApp>;
  /** Replaces the secret of the app of this name. */
  replaceSecret(name: string, appSecret: Secret): Promise<KeptApp>;
  /** Removes the app of this name. Where it was the default, the oldest other one becomes it. */
  remove(name: string): Promise<KeptApp>;
}
