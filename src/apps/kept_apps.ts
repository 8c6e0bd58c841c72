import { TokenError } from "../errors/token_error.ts";
import { verbatim } from "../errors/verbatim.ts";
import type { Clock } from "../ports/clock.ts";
import type { AppKeeper, AppList, KeptApp } from "../ports/app_keeper.ts";
import type { SealedValues } from "../ports/sealed_values.ts";
import type { Secret } from "../secret.ts";

/** The one value of the namespace. */
const VALUE_NAME = "apps";
/** Longest wait for one write, in milliseconds. */
const APP_WRITE_DEADLINE_MS = 5_000;
/** Attempts to change the list. Each repeat follows the change of another process, or a write without a clear answer. */
const APP_CHANGE_ROUNDS = 8;
/** Their value stays far below what a store takes. */
const MOST_APPS = 100;

const NO_APPS: AppList = { apps: [] };

/** The kept apps of one store. */
export class KeptApps implements AppKeeper {
  readonly #values: SealedValues<AppList>;
  readonly #clock: Clock;

  /** Reads nothing yet. */
  constructor(values: SealedValues<AppList>, clock: Clock) {
    this.#values = values;
    this.#clock = clock;
  }

  /** All of them. */
  async read(): Promise<AppList> {
    return (await this.#values.get(VALUE_NAME)).value ?? NO_APPS;
  }

  /** Keeps an app. */
  add(app: Omit<KeptApp, "addedAtMs">): Promise<KeptApp> {
    const added: KeptApp = { ...app, addedAtMs: this.#clock.now() };
    return this.#change(({ apps, defaultName = added.name }) => {
      const named = apps.find(({ name }) => name === added.name);
      if (named !== undefined && !isSameApp(named, added)) {
        throw new TokenError("app_name_taken", { detail: verbatim(added.name) });
      }
      const kept = apps.find((each) => isSameApp(each, added));
      if (kept !== undefined && kept.name !== added.name) {
        throw new TokenError("app_kept_already", { detail: verbatim(kept.name) });
      }
      if (kept === undefined && apps.length >= MOST_APPS) throw new TokenError("too_many_apps");
      return { list: { defaultName, apps: [...apps.filter((each) => each !== named), added] }, app: added };
    });
  }

  /** Makes the app of this name the default. */
  use(name: string): Promise<KeptApp> {
    return this.#change(({ apps }) => ({ list: { defaultName: name, apps }, app: appNamed(name, apps) }));
  }

  /** Gives the app of this name another one. */
  rename(name: string, newName: string): Promise<KeptApp> {
    return this.#change(({ apps, defaultName }) => {
      const app: KeptApp = { ...appNamed(name, apps), name: newName };
      if (name !== newName && apps.some((each) => each.name === newName)) {
        throw new TokenError("app_name_taken", { detail: verbatim(newName) });
      }
      return changed({ apps, defaultName: defaultName === name ? newName : defaultName }, name, app);
    });
  }

  /** Replaces the secret of the app of this name. */
  replaceSecret(name: string, appSecret: Secret): Promise<KeptApp> {
    return this.#change((list) => changed(list, name, { ...appNamed(name, list.apps), appSecret }));
  }

  /** Removes the app of this name. */
  remove(name: string): Promise<KeptApp> {
    return this.#change(({ apps, defaultName }) => {
      const app = appNamed(name, apps);
      const rest = apps.filter((each) => each !== app);
      const next = defaultName === name ? rest[0]?.name : defaultName;
      return { list: { apps: rest, ...(next === undefined ? {} : { defaultName: next }) }, app };
    });
  }

  /**
   * Writes what `change` makes of the list. A write without a clear answer may have landed: the list is read again, and the
   * change made again, which is harmless as long as its own result is accepted as its start.
   */
  async #change(change: (list: AppList) => Changed): Promise<KeptApp> {
    let before: Changed | undefined;
    for (let round = 0; round < APP_CHANGE_ROUNDS; round++) {
      const { value, version } = await this.#values.get(VALUE_NAME);
      const found = value ?? NO_APPS;
      if (before !== undefined && isSameList(found, before.list)) return before.app;
      const next = change(found);
      before = next;
      const written = await this.#values.put(VALUE_NAME, next.list, {
        check: version,
        endsAtMs: null,
        deadlineMs: APP_WRITE_DEADLINE_MS,
      });
      if (written.kind === "ok") return next.app;
    }
    throw new TokenError("store_unavailable");
  }
}

/** What tells one app from another. */
type AppPlace = Pick<KeptApp, "brand" | "appId" | "at">;

interface Changed {
  readonly list: AppList;
  readonly app: KeptApp;
}

function changed(
  { apps, defaultName }: { readonly apps: readonly KeptApp[]; readonly defaultName?: string | undefined },
  name: string,
  app: KeptApp,
): Changed {
  return {
    list: {
      apps: apps.map((each) => each.name === name ? app : each),
      ...(defaultName === undefined ? {} : { defaultName }),
    },
    app,
  };
}

function appNamed(name: string, apps: readonly KeptApp[]): KeptApp {
  const app = apps.find((each) => each.name === name);
  if (app === undefined) throw new TokenError("app_not_found", { detail: verbatim(name) });
  return app;
}

function isSameApp(a: AppPlace, b: AppPlace): boolean {
  return a.brand === b.brand && a.appId === b.appId && a.at === b.at;
}

function isSameList(a: AppList, b: AppList): boolean {
  return a.defaultName === b.defaultName && a.apps.length === b.apps.length &&
    a.apps.every((app, index) => {
      const other = b.apps[index];
      return other !== undefined && app.name === other.name && isSameApp(app, other) &&
        app.appSecret.reveal() === other.appSecret.reveal();
    });
}
