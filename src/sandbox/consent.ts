/** How the authorize page behaves: it shows its forms, or sends the browser back at once. */
export interface ConsentMode {
  /** What it does. */
  readonly mode: "page" | "approve" | "deny";
  /** Who agrees: a name or an existing open_id. */
  readonly user: string;
  /** Space-separated: what is granted instead of what was asked for. */
  readonly scope?: string | undefined;
}

/** As at start. */
const USUAL: ConsentMode = { mode: "page", user: "Ada" };

/** How the authorize page behaves now, and what people have granted so far. */
export class Consent {
  #mode = USUAL;
  readonly #granted = new Map<string, ReadonlySet<string>>();

  /** How the page behaves. */
  get mode(): ConsentMode {
    return this.#mode;
  }

  /** Sets how the page behaves. */
  set(mode: ConsentMode): void {
    this.#mode = mode;
  }

  /** What `openId` has granted to the app before, and now `scopes` as well. */
  accumulate(openId: string, scopes: readonly string[]): readonly string[] {
    const all = new Set([...scopes, ...this.#granted.get(openId) ?? []]);
    this.#granted.set(openId, all);
    return [...all];
  }

  /** As at start. */
  clear(): void {
    this.#mode = USUAL;
    this.#granted.clear();
  }
}
