import * as z from "zod";
import { once } from "../../once.ts";
import type { Brand } from "../../brand.ts";
import { defined } from "../../defined.ts";
import { LruMap } from "../../concurrency/lru_map.ts";
import type { SealedChange } from "../../ports/sealed_change.ts";
import type { ListedValue, SealedValues, ValueForm } from "../../ports/sealed_values.ts";
import type { RecordName, TokenRecord } from "../../ports/store.ts";
import { COMMIT_DEADLINE_MS } from "../renewal/limits.ts";
import type { RecordRef } from "../renewal/record_ref.ts";

/** A grant is renewed when this share of its refresh token's life has passed. */
const DUE_SHARE = 0.5;
/**
 * Assumed life of a refresh token where Feishu states none, in milliseconds: the shortest life that Feishu documents.
 */
const ASSUMED_LIFE_MS = 7 * 24 * 60 * 60 * 1_000;
/** Jitter around that moment, as a share of the life, so that grants of one day are not all renewed at once. */
const JITTER_SHARE = 0.1;

/** A clock that was ahead by less than this, in milliseconds, makes a renewal late by less than this. */
const CLOCK_DOUBT_MS = 24 * 60 * 60 * 1_000;
/** Entries that a process remembers, in case the store loses them. */
const REMEMBERED_ENTRIES = 2_000;

const brandSchema = z.enum(["feishu", "lark"]);

const indexedGrantSchema = once(() =>
  z.object({
    brand: brandSchema,
    recordBrand: brandSchema.exactOptional(),
    appId: z.string(),
    at: z.string().exactOptional(),
    owner: z.string().exactOptional(),
    user: z.string(),
    name: z.string().exactOptional(),
    issuedAtMs: z.number().exactOptional(),
    dueAtMs: z.number().nullable(),
    endsAtMs: z.number(),
    loginEndsAtMs: z.number().exactOptional(),
  })
);

/** The namespace of the index among the sealed values of a store, and the form of its entries. */
export const INDEX_VALUES: ValueForm<IndexedGrant> = {
  namespace: "grant",
  encode: (entry) => entry,
  decode: (stored) => indexedGrantSchema().parse(stored),
};

/** A grant of the store, and when it is to be renewed even if nobody asks for its token. */
export interface IndexedGrant {
  /** Brand of the app. */
  readonly brand: Brand;
  /** Brand that the app's records are named by, where it is not `brand`. */
  readonly recordBrand?: Brand;
  /** Id of the app. */
  readonly appId: string;
  /** The address of Feishu's API, where it is not the brand's own. */
  readonly at?: string;
  /** Whose login it is; absent for `local`. */
  readonly owner?: string;
  /** The person's `open_id`. */
  readonly user: string;
  /** The person's name, where Feishu gave one. */
  readonly name?: string;
  /** When its newest pair was issued, by the clock of the process that got it, Unix milliseconds. */
  readonly issuedAtMs?: number;
  /** When it is to be renewed, Unix milliseconds; `null`: it is not, since no renewal can help. */
  readonly dueAtMs: number | null;
  /** When its newest token ends, Unix milliseconds. The grants that end soonest are renewed first. */
  readonly endsAtMs: number;
  /** When the authorization ends however it is renewed, Unix milliseconds; absent where that is not known. */
  readonly loginEndsAtMs?: number;
}

/**
 * Tells which grants the store has, and when each is due for renewal (promise 9). The atomic write that stores a pair
 * also writes its entry, and a logout removes the entry. An entry is a hint: a replay of the journal stores a pair
 * without touching the entry, which is then that of the pair before, or missing. The record itself decides whether it
 * is renewed.
 */
export class GrantIndex {
  readonly #values: SealedValues<IndexedGrant>;
  /** By name, the entries that this process has written or read. */
  readonly #seen = new LruMap<IndexedGrant>(REMEMBERED_ENTRIES);

  /** On the sealed values of the namespace `grant`. */
  constructor(values: SealedValues<IndexedGrant>) {
    this.#values = values;
  }

  /** The write of the entry of `record`, for the atomic write that stores the record. Nothing for other kinds. */
  async changed(ref: RecordRef, record: TokenRecord): Promise<readonly SealedChange[]> {
    const entry = entryOf(ref, record);
    if (entry === null) return [];
    const name = nameOf(ref.name);
    this.#seen.set(name, entry);
    return [await this.#values.change(name, entry, null)];
  }

  /** The removal of a grant's entry, for the atomic write that ends the grant. */
  async removed({ name }: RecordRef): Promise<readonly SealedChange[]> {
    return name.kind === "grant" ? [await this.#values.change(nameOf(name), null, null)] : [];
  }

  /**
   * The write of the entry of a grant that is in the store but not in the index, since a replay of the journal has stored
   * it. For an atomic write that checks the record: a logout in between must not be followed by an entry. `null` where
   * there is an entry.
   *
   * @throws TokenError `store_unavailable` or `store_unreadable`.
   */
  async missing(ref: RecordRef, record: TokenRecord): Promise<readonly SealedChange[] | null> {
    const name = nameOf(ref.name);
    if ((await this.#values.get(name)).version !== null) return null;
    return [await this.#values.unchanged(name, null), ...await this.changed(ref, record)];
  }

  /** Removes an entry whose grant has ended. */
  async drop({ name, version }: ListedValue<IndexedGrant>): Promise<void> {
    await this.#values.remove(name, { check: version, deadlineMs: COMMIT_DEADLINE_MS });
  }

  /**
   * Corrects an entry by the record, which has moved on without it.
   *
   * @param isOver whether Feishu has refused the grant for good: then it is not due until it has a new pair.
   */
  async correct(
    { value, name, version }: ListedValue<IndexedGrant>,
    ref: RecordRef,
    record: TokenRecord,
    isOver: boolean,
  ): Promise<void> {
    const entry = { ...value, ...entryOf(ref, record), ...(isOver ? { dueAtMs: null } : {}) };
    await this.#values.put(name, entry, { check: version, endsAtMs: null, deadlineMs: COMMIT_DEADLINE_MS });
  }

  /**
   * Every grant of the store, in no order. An entry that does not open is skipped.
   *
   * @throws TokenError `store_unavailable`.
   */
  async all(): Promise<ListedValue<IndexedGrant>[]> {
    const all = await Array.fromAsync(this.#values.list(() => {}));
    for (const { name, value } of all) this.#seen.set(name, value);
    return all;
  }

  /**
   * Every grant of the store, and the entries besides that this process has seen before and are gone: of grants that have
   * ended, or that the store has lost. Only their records tell which.
   *
   * @throws TokenError `store_unavailable`.
   */
  async allAndGone(): Promise<
    { readonly all: readonly IndexedGrant[]; readonly gone: readonly GoneGrant[] }
  > {
    const before = this.#seen.entries();
    const all = await this.all();
    const names = new Set(all.map(({ name }) => name));
    const gone = before.filter(([name]) => !names.has(name)).map(([name, entry]) => ({ name, entry }));
    return { all: all.map(({ value }) => value), gone };
  }

  /** Forgets an entry that is gone, since its grant has ended. */
  forget({ name }: GoneGrant): void {
    this.#seen.delete(name);
  }

  /**
   * The grants that are due at `nowMs` (Unix milliseconds), by the end of their tokens, soonest first.
   *
   * @throws TokenError `store_unavailable`.
   */
  async due(nowMs: number): Promise<ListedValue<IndexedGrant>[]> {
    return (await this.all()).filter(({ value }) => isDueAt(nowMs, value)).toSorted((a, b) =>
      a.value.endsAtMs - b.value.endsAtMs
    );
  }
}

/** An entry that was seen before. */
export interface GoneGrant {
  /** Its name. */
  readonly name: string;
  /** As it was seen last. */
  readonly entry: IndexedGrant;
}

/** The entry of a record; `null` where it is no grant. */
function entryOf({ name: record }: RecordRef, token: TokenRecord): IndexedGrant | null {
  const { user, owner, at, credentials: { brand, recordBrand, appId } } = record;
  if (record.kind !== "grant" || user === undefined) return null;
  const name = token.who?.name;
  const loginEndsAtMs = token.auth?.endsS === undefined ? undefined : token.auth.endsS * 1_000;
  return {
    ...{ brand, appId, user, issuedAtMs: issuedAtMsOf(token) },
    ...{ dueAtMs: dueAtMsOf(token), endsAtMs: endsAtMsOf(token) },
    ...defined({ recordBrand, at, owner, name, loginEndsAtMs }),
  };
}

/**
 * Whether a pair is due at `nowMs` (Unix milliseconds). The times of one that seems to be issued a day from now are of a
 * clock that was ahead: it may end long before they say.
 */
export function isDueAt(
  nowMs: number,
  { dueAtMs, issuedAtMs }: Pick<IndexedGrant, "dueAtMs" | "issuedAtMs">,
): boolean {
  return dueAtMs !== null && (dueAtMs <= nowMs || isIssuedAhead(nowMs, issuedAtMs));
}

/** Whether a pair seems to be issued more than a day after `nowMs`. */
export function isIssuedAhead(nowMs: number, issuedAtMs = -Infinity): boolean {
  return issuedAtMs - nowMs > CLOCK_DOUBT_MS;
}

/** When a pair was issued, by the clock of the process that got it, Unix milliseconds. */
export function issuedAtMsOf({ token: { expiresAtMs, lifetimeMs } }: TokenRecord): number {
  return expiresAtMs - lifetimeMs;
}

/**
 * When a pair is to be renewed even if nobody asks, Unix milliseconds; `null` where it cannot be renewed, or where a
 * renewal would not lengthen the login: its refresh token lives as long as the authorization.
 */
export function dueAtMsOf(record: TokenRecord): number | null {
  const { token, fp, auth } = record;
  if (token.refreshToken === undefined) return null;
  if (
    token.refreshExpiresAtMs !== undefined && (auth?.endsS ?? Infinity) * 1_000 <= token.refreshExpiresAtMs
  ) {
    return null;
  }
  const issuedAtMs = issuedAtMsOf(record);
  const lifeMs = endsAtMsOf(record) - issuedAtMs;
  return Math.round(issuedAtMs + lifeMs * (DUE_SHARE + JITTER_SHARE * (2 * fractionOf(fp) - 1)));
}

/** When the newest token of a pair ends, Unix milliseconds. No rotation outlives the authorization. */
function endsAtMsOf(record: TokenRecord): number {
  const { token, auth } = record;
  if (token.refreshToken === undefined) return token.expiresAtMs;
  return Math.min(
    token.refreshExpiresAtMs ?? issuedAtMsOf(record) + ASSUMED_LIFE_MS,
    (auth?.endsS ?? Infinity) * 1_000,
  );
}

/** A number from 0 to 1, the same in every process for the same pair. */
function fractionOf(fp: string): number {
  let hash = 0;
  for (const character of fp) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) >>> 0;
  return hash / 2 ** 32;
}

function nameOf({ credentials: { brand, recordBrand = brand, appId }, user, owner, at }: RecordName): string {
  return JSON.stringify([recordBrand, appId, user, owner, at]);
}
