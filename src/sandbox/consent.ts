/** Mode of the authorize page: it shows its forms, or sends the browser back at once. */
export interface ConsentMode {
  /** `page` shows the forms. */
  readonly mode: "page" | "approve" | "deny";
  /** User who agrees: a name or an existing open_id. */
  readonly user: string;
  /** Separated by spaces; granted instead of the requested scopes. */
  readonly scope?: string | undefined;
}

const USUAL: ConsentMode = { mode: "page", user: "Ada" };

/** Mode of the authorize page, and the scopes that users have granted so far. */
export class Consent {
  #mode = USUAL;
  readonly #granted = new Map<string, ReadonlySet<string>>();

  /** Mode of the page now. */
  get mode(): ConsentMode {
    return this.#mode;
  }

  /** Sets the mode of the page. */
  set(mode: ConsentMode): void {
    this.#mode = mode;
  }

  /** Adds `scopes` to those that `openId` has granted to the app before, and returns all. */
  accumulate(openId: string, scopes: readonly string[]): readonly string[] {
    const all = new Set([...scopes, ...this.#granted.get(openId) ?? []]);
    this.#granted.set(openId, all);
    return [...all];
  }

  /** Resets the mode, and forgets what was granted. */
  clear(): void {
    this.#mode = USUAL;
    this.#granted.clear();
  }
}
