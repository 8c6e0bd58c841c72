import { z } from "zod";
import type { Brand } from "../../brand.ts";
import { defined } from "../../defined.ts";
import type { SealedChange } from "../../ports/sealed_change.ts";
import type { SealedValues } from "../../ports/sealed_values.ts";
import type { TokenRecord } from "../../ports/store.ts";
import type { RecordRef } from "../renewal/record_ref.ts";

/** A grant is renewed when this share of its refresh token's life has passed. */
const DUE_SHARE = 0.5;
/** Life of a refresh token where Feishu names none, in milliseconds: the shorter of those that it documents. */
const ASSUMED_LIFE_MS = 7 * 24 * 60 * 60 * 1_000;
/** Spread around that, as a share of the life, so that grants of one moment are not renewed at one moment. */
const JITTER_SHARE = 0.1;

/** Names and reads the entries of the index among the sealed values of a store. */
export const DUE_VALUES: {
  readonly namespace: string;
  readonly encode: (entry: DueGrant) => unknown;
  readonly decode: (stored: unknown) => DueGrant;
} = {
  namespace: "due",
  encode: (entry) => entry,
  decode: (stored) => dueGrantSchema.parse(stored),
};

const dueGrantSchema = z.object({
  brand: z.enum(["feishu", "lark"]),
  recordBrand: z.enum(["feishu", "lark"]).exactOptional(),
  appId: z.string(),
  user: z.string(),
  dueAtMs: z.number(),
  endsAtMs: z.number(),
});

/** A grant and the time at which it is to be renewed, though nobody asks for its token. */
export interface DueGrant {
  /** Of the app. */
  readonly brand: Brand;
  /** Where its records are kept under another brand than Feishu was asked under. */
  readonly recordBrand?: Brand;
  /** Of the app. */
  readonly appId: string;
  /** The person's `open_id`. */
  readonly user: string;
  /** Unix milliseconds. */
  readonly dueAtMs: number;
  /** Unix milliseconds; the refresh token ends then. The grants that end soonest are renewed first. */
  readonly endsAtMs: number;
}

/**
 * When each grant of the store is due (promise 9). An entry is written in the very atomic write that stores the pair, and stays
 * until the logout, so that no grant is without one. It is a hint: a replay of the journal stores a pair and leaves the entry of
 * the pair before it. The record itself says whether it is to be renewed.
 */
export class DueIndex {
  readonly #values: SealedValues<DueGrant>;

  /** On the sealed values of the namespace `due`. */
  constructor(values: SealedValues<DueGrant>) {
    this.#values = values;
  }

  /** The entry of `record`, for the atomic write that stores it; its removal where nothing can be renewed. */
  async changed(ref: RecordRef, record: TokenRecord): Promise<readonly SealedChange[]> {
    const entry = entryOf(ref, record);
    return entry === null ? await this.removed(ref) : [await this.#values.change(nameOf(ref), entry, null)];
  }

  /** The removal of a grant's entry, for the atomic write that ends the grant. */
  async removed(ref: RecordRef): Promise<readonly SealedChange[]> {
    return ref.name.kind === "grant" ? [await this.#values.change(nameOf(ref), null, null)] : [];
  }

  /**
   * The grants that are due at `nowMs` (Unix milliseconds), those first whose refresh tokens end soonest. An entry that does
   * not open is passed over.
   *
   * @throws TokenError `store_unavailable`.
   */
  async due(nowMs: number): Promise<DueGrant[]> {
    const entries = await Array.fromAsync(this.#values.list(() => {}), ({ value }) => value);
    return entries.filter(({ dueAtMs }) => dueAtMs <= nowMs).toSorted((a, b) => a.endsAtMs - b.endsAtMs);
  }
}

/** `null` for what is no grant, and for a pair that nothing can be renewed with. */
function entryOf({ name }: RecordRef, record: TokenRecord): DueGrant | null {
  const { token, auth, fp } = record;
  const { user, credentials: { brand, recordBrand, appId } } = name;
  if (name.kind !== "grant" || user === undefined) return null;
  if (token.refreshToken === undefined) return null;
  const issuedAtMs = token.expiresAtMs - token.lifetimeMs;
  // No rotation lives longer than the authorization.
  const endsAtMs = Math.min(
    token.refreshExpiresAtMs ?? issuedAtMs + ASSUMED_LIFE_MS,
    (auth?.endsS ?? Infinity) * 1_000,
  );
  const lifeMs = endsAtMs - issuedAtMs;
  const dueAtMs = Math.round(issuedAtMs + lifeMs * (DUE_SHARE + JITTER_SHARE * (2 * fractionOf(fp) - 1)));
  return { brand, appId, user, dueAtMs, endsAtMs, ...defined({ recordBrand }) };
}

/** A number from 0 to 1 that is the same for one pair in every process. */
function fractionOf(fp: string): number {
  let hash = 0;
  for (const character of fp) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) >>> 0;
  return hash / 2 ** 32;
}

function nameOf({ name: { credentials: { brand, recordBrand = brand, appId }, user } }: RecordRef): string {
  return JSON.stringify([recordBrand, appId, user]);
}
