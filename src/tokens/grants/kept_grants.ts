import type { Phrase } from "../../errors/language.ts";
import { TokenError } from "../../errors/token_error.ts";
import type { AppCredentials } from "../../ports/feishu.ts";
import type { LoginOwner } from "../../ports/login_owner.ts";
import { Secret } from "../../secret.ts";
import { LruMap } from "../../concurrency/lru_map.ts";
import { tokenIn } from "../../ports/record_order.ts";
import type { DurablePairs } from "../renewal/durable_pairs.ts";
import type { RecordRef } from "../renewal/record_ref.ts";
import type { GrantIndex, IndexedGrant } from "./grant_index.ts";
import type { GrantPlace, Grants } from "./grants.ts";

/** Apps whose grants are remembered, for when the store does not answer. */
const REMEMBERED_OWNERS = 100;
/** People that an error names. */
const MOST_NAMED = 10;

/** A grant of the store. */
export interface KeptGrant {
  /** Its entry in the index. */
  readonly entry: IndexedGrant;
  /** Its record. */
  readonly ref: RecordRef;
}

/** Finds grants by whose they are: by owner, app and person. */
export class KeptGrants {
  readonly #options: KeptGrantsOptions;
  /** By app and owner, the grants that were found last. */
  readonly #known = new LruMap<readonly IndexedGrant[]>(REMEMBERED_OWNERS);

  /** On one store. */
  constructor(options: KeptGrantsOptions) {
    this.#options = options;
  }

  /**
   * Every grant of the store. A look at the record of one that this process has seen before, and that is gone, writes back
   * what the store has lost, and the entry with it.
   *
   * @throws TokenError `store_unavailable`.
   */
  async all(): Promise<readonly IndexedGrant[]> {
    const { index, pairs } = this.#options;
    const { all, gone } = await index.allAndGone();
    const found: IndexedGrant[] = [...all];
    for (const each of gone) {
      const record = await pairs.read(this.refOfEntry(each.entry)).then(
        ({ token }) => tokenIn(token.value),
        (error: unknown) => {
          if (isAway(error)) throw error;
          return null;
        },
      );
      if (record === null) index.forget(each);
      else found.push(each.entry);
    }
    return found;
  }

  /**
   * The grants of an owner for one app. While the store is away, those that were found last.
   *
   * @throws TokenError `store_unavailable` where none were found before.
   */
  async of(owner: LoginOwner, credentials: AppCredentials): Promise<readonly KeptGrant[]> {
    const { at } = this.#options;
    const { brand, recordBrand = brand, appId } = credentials;
    const key = JSON.stringify([recordBrand, appId, owner]);
    let entries: readonly IndexedGrant[];
    try {
      entries = (await this.all()).filter((entry) =>
        isOf(entry, owner) && entry.appId === appId && (entry.recordBrand ?? entry.brand) === recordBrand &&
        entry.at === at
      );
      this.#known.set(key, entries);
    } catch (error) {
      const known = this.#known.get(key);
      if (known === undefined || !isAway(error)) throw error;
      entries = known;
    }
    return entries.map((entry) => ({ entry, ref: this.refOf(entry, credentials) }));
  }

  /**
   * The grants of an owner for every app in the store, without the apps' secrets.
   *
   * @throws TokenError `store_unavailable`.
   */
  async ofAllApps(owner: LoginOwner): Promise<readonly KeptGrant[]> {
    const entries = await this.all();
    return entries.filter((entry) => isOf(entry, owner)).map((entry) => ({
      entry,
      ref: this.refOfEntry(entry),
    }));
  }

  /**
   * The grant of one person.
   *
   * @param user `open_id` or name; absent where only one person can be meant.
   * @throws TokenError `not_logged_in` or `user_ambiguous`.
   */
  async find(owner: LoginOwner, credentials: AppCredentials, user: string | undefined): Promise<KeptGrant> {
    const all = await this.of(owner, credentials);
    const meant = user === undefined ? all : all.filter(({ entry }) => isMeant(entry, user));
    const [first, second] = meant;
    if (first === undefined) throw notLoggedIn(user, all);
    if (second !== undefined) throw ambiguous(meant);
    return first;
  }

  /** The record of an entry. */
  refOf(entry: IndexedGrant, credentials: AppCredentials): RecordRef {
    return this.#options.grants.refOf(credentials, entry.user, entry);
  }

  /** The record of an entry, to be read without the app's secret. */
  refOfEntry(entry: IndexedGrant): RecordRef {
    return this.refOf(entry, withoutSecret(entry));
  }

  /** The record of a person's grant, whether or not there is one. */
  refFor(owner: LoginOwner, credentials: AppCredentials, user: string): RecordRef {
    return this.#options.grants.refOf(credentials, user, placeOf(owner, this.#options.at));
  }
}

/** What {@linkcode KeptGrants} needs. */
export interface KeptGrantsOptions {
  /** Which grants there are. */
  readonly index: GrantIndex;
  /** Names their records. */
  readonly grants: Grants;
  /** Reads them. */
  readonly pairs: DurablePairs;
  /** The address of Feishu's API, where it is not the brand's own. */
  readonly at?: string | undefined;
}

/** The parts of a record's name that an owner adds. */
export function placeOf(owner: LoginOwner, at: string | undefined): GrantPlace {
  return { ...(owner === "local" ? {} : { owner }), ...(at === undefined ? {} : { at }) };
}

function isOf(entry: IndexedGrant, owner: LoginOwner): boolean {
  return (entry.owner ?? "local") === owner;
}

/** Names what an entry is about, for records that are read and not renewed. */
function withoutSecret({ brand, recordBrand, appId }: IndexedGrant): AppCredentials {
  return { brand, appId, appSecret: new Secret(""), ...(recordBrand === undefined ? {} : { recordBrand }) };
}

/** A person is meant by the `open_id`, or by the name in any case. */
function isMeant({ user, name }: IndexedGrant, meant: string): boolean {
  return user === meant || (name !== undefined && folded(name) === folded(meant));
}

function folded(name: string): string {
  return name.normalize("NFKC").trim().toLowerCase();
}

function isAway(error: unknown): boolean {
  return error instanceof TokenError && error.code === "store_unavailable";
}

/** Where nobody was named. */
const NOBODY_HERE: Phrase = { en: "Nobody is logged in here", zh: "没有已登录的用户" };

function notLoggedIn(user: string | undefined, others: readonly KeptGrant[]): TokenError {
  if (user === undefined) return new TokenError("not_logged_in", { message: NOBODY_HERE });
  if (others.length === 0) return new TokenError("not_logged_in");
  const names = shownPeople(others);
  return new TokenError("not_logged_in", {
    detail: { en: `logged in are ${names}`, zh: `已登录的有 ${names}` },
  });
}

function ambiguous(meant: readonly KeptGrant[]): TokenError {
  const names = shownPeople(meant);
  return new TokenError("user_ambiguous", { detail: { en: names, zh: names } });
}

function shownPeople(grants: readonly KeptGrant[]): string {
  const shown = grants.slice(0, MOST_NAMED)
    .map(({ entry: { user, name } }) => name === undefined ? user : `${name} (${user})`);
  return grants.length > MOST_NAMED ? `${shown.join(", ")}, …` : shown.join(", ");
}
