import { availableApp } from "../credentials/available_app.ts";
import { CoalescedReads } from "../concurrency/coalesced_reads.ts";
import { TIME_IS_UP, within } from "../concurrency/within.ts";
import { TokenError } from "../errors/token_error.ts";
import { verbatim } from "../errors/verbatim.ts";
import type { Clock } from "../ports/clock.ts";
import type { CredentialSource } from "../ports/credential_source.ts";
import type { AppCredentials } from "../ports/feishu.ts";
import type { AppKeeper, AppList, KeptApp } from "../ports/app_keeper.ts";

/** A list that was read this long ago, in milliseconds, is read again before the next call. */
const FRESH_MS = 2_000;
/** Longest wait of a call for that, in milliseconds: a store that is slow does not hold up a call whose app is known. */
const READ_WAIT_MS = 1_000;

/**
 * Which app counts for calls that bring none: the kept app that is named, else the configured pair, else the kept default
 * app. The list is read again as calls come, so that a change of it needs no restart.
 */
export class AppSource {
  readonly #options: AppSourceOptions;
  readonly #reads = new CoalescedReads<void>();
  /** By name, so that equal credentials stay the same object: the store need not hash them at every call. */
  #credentials: ReadonlyMap<string, AppCredentials> = new Map();
  #list: AppList = { apps: [] };
  #problem: TokenError | undefined;
  #readAtMs = -Infinity;

  /** Reads nothing yet. */
  constructor(options: AppSourceOptions) {
    this.#options = options;
  }

  /** The app that counts. It has `refresh` only where kept apps can count. */
  get credentials(): CredentialSource {
    const find = (): AppCredentials => this.#find();
    return this.#keptCount ? Object.assign(find, { refresh: () => this.refresh() }) : find;
  }

  /** For callers that kept apps are not for: the configured pair alone. */
  get withoutKept(): CredentialSource {
    const { wanted, configured } = this.#options;
    // A pair that the named app overrides is for nobody.
    return wanted === undefined ? configured : () => {
      throw new TokenError("credentials_missing");
    };
  }

  /** Whether a kept app counts now. */
  get usesKept(): boolean {
    return this.#keptCount && this.chosen !== undefined;
  }

  /** The kept app that counts, wherever its Feishu is. */
  get chosen(): KeptApp | undefined {
    const { wanted, isConfigured } = this.#options;
    if (wanted === undefined && isConfigured) return undefined;
    const name = wanted ?? this.#list.defaultName;
    return this.#list.apps.find((app) => app.name === name);
  }

  /** Reads the list again, unless that was done a moment ago. Never rejects. */
  async refresh(): Promise<void> {
    const { clock } = this.#options;
    if (clock.monotonic() - this.#readAtMs < FRESH_MS) return;
    const read = within(clock, READ_WAIT_MS, this.#read());
    if (await read === TIME_IS_UP && this.#readAtMs === -Infinity) {
      this.#problem = new TokenError("store_unavailable");
    }
  }

  /** Every app whose secret this process has now, for the work that nobody asks for. */
  async all(): Promise<readonly AppCredentials[]> {
    await this.#read();
    const own = this.#options.isConfigured ? availableApp(this.#options.configured) : undefined;
    return [...(own === undefined ? [] : [own]), ...this.#credentials.values()];
  }

  /**
   * The credentials of the same kept app with the secret that the store has now; `undefined` where `refused` is no kept app's
   * or the secret is the same.
   */
  async renewed(refused: AppCredentials): Promise<AppCredentials | undefined> {
    const known = [...this.#credentials].find(([, credentials]) => isSame(credentials, refused));
    if (known === undefined) return undefined;
    await this.#read();
    const now = this.#credentials.get(known[0]);
    return now === undefined || isSame(now, refused) || now.appId !== refused.appId ? undefined : now;
  }

  /** The place of the process's Feishu, once that is known. */
  set at(at: string | undefined) {
    this.#at = at;
    this.#remember(this.#list);
  }
  #at: string | undefined;

  get #keptCount(): boolean {
    const { keeper, wanted, isConfigured } = this.#options;
    return keeper !== null && (wanted !== undefined || !isConfigured);
  }

  #find(): AppCredentials {
    const { keeper, wanted, configured } = this.#options;
    if (!this.#keptCount) {
      if (wanted !== undefined && keeper === null) throw new TokenError("store_cannot_keep_apps");
      return configured();
    }
    const app = this.chosen;
    if (app === undefined) {
      if (this.#problem !== undefined) throw this.#problem;
      if (wanted !== undefined) throw new TokenError("app_not_found", { detail: verbatim(wanted) });
      return configured();
    }
    const credentials = this.#credentials.get(app.name);
    if (credentials === undefined) throw new TokenError("app_elsewhere", { detail: verbatim(app.name) });
    return credentials;
  }

  #read(): Promise<void> {
    const { keeper, clock } = this.#options;
    if (keeper === null) return Promise.resolve();
    return this.#reads.run("apps", async () => {
      try {
        this.#remember(await keeper.read());
        this.#problem = undefined;
        this.#readAtMs = clock.monotonic();
      } catch (error) {
        if (!(error instanceof TokenError)) throw error;
        // What was read before still counts.
        if (this.#readAtMs === -Infinity) this.#problem = error;
      }
    });
  }

  #remember(list: AppList): void {
    this.#list = list;
    this.#credentials = new Map(
      list.apps.filter(({ at }) => at === this.#at).map((app) => {
        const before = this.#credentials.get(app.name);
        const now = credentialsOf(app);
        return [app.name, before !== undefined && isSame(before, now) ? before : now];
      }),
    );
    for (const { appSecret } of list.apps) this.#options.onSecret(appSecret);
  }
}

/** What {@linkcode AppSource} needs. */
export interface AppSourceOptions {
  /** The kept apps; `null` where the store can keep none. */
  readonly keeper: Pick<AppKeeper, "read"> | null;
  /** `--app` or `FEISHU_APP`. */
  readonly wanted?: string | undefined;
  /** The configured pair, or what a call without any is told. */
  readonly configured: CredentialSource;
  /** Whether any part of a pair is configured: that overrides the default app. */
  readonly isConfigured: boolean;
  /** Bounds the waits. */
  readonly clock: Clock;
  /** Told of every secret before it is used, so that no log line shows it. */
  readonly onSecret: (secret: KeptApp["appSecret"]) => void;
}

/** A kept app as calls use it. */
export function credentialsOf({ brand, appId, appSecret }: KeptApp): AppCredentials {
  return { brand, appId, appSecret };
}

function isSame(a: AppCredentials, b: AppCredentials): boolean {
  return a.brand === b.brand && a.appId === b.appId && a.appSecret.reveal() === b.appSecret.reveal();
}
