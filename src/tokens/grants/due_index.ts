import { z } from "zod";
import type { Brand } from "../../brand.ts";
import { defined } from "../../defined.ts";
import type { SealedChange } from "../../ports/sealed_change.ts";
import type { SealedValues } from "../../ports/sealed_values.ts";
import type { TokenRecord } from "../../ports/store.ts";
import type { RecordRef } from "../renewal/record_ref.ts";

/** A grant is renewed when this share of its refresh token's life has passed. */
const DUE_SHARE = 0.5;
/**
 * Assumed life of a refresh token where Feishu states none, in milliseconds: the shortest life that Feishu documents.
 */
const ASSUMED_LIFE_MS = 7 * 24 * 60 * 60 * 1_000;
/** Jitter around that moment, as a share of the life, so that grants of one day are not all renewed at once. */
const JITTER_SHARE = 0.1;

/** The namespace of the index among the sealed values of a store, and the form of its entries. */
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

/** A grant, and when it is to be renewed even if nobody asks for its token. */
export interface DueGrant {
  /** Brand of the app. */
  readonly brand: Brand;
  /** Brand that the app's records are named by, where it is not `brand`. */
  readonly recordBrand?: Brand;
  /** Id of the app. */
  readonly appId: string;
  /** The person's `open_id`. */
  readonly user: string;
  /** When it is to be renewed, Unix milliseconds. */
  readonly dueAtMs: number;
  /** When its refresh token ends, Unix milliseconds. The grants that end soonest are renewed first. */
  readonly endsAtMs: number;
}

/**
 * Tells when each grant of the store is due for renewal (promise 9). The atomic write that stores a pair also writes
 * its entry, and a logout removes the entry, so that no grant is without one. An entry is a hint: a replay of the
 * journal stores a pair without touching the entry, which is then that of the pair before. The record itself decides
 * whether it is renewed.
 */
export class DueIndex {
  readonly #values: SealedValues<DueGrant>;

  /** On the sealed values of the namespace `due`. */
  constructor(values: SealedValues<DueGrant>) {
    this.#values = values;
  }

  /**
   * The write of the entry of `record`, for the atomic write that stores the record; the removal where it cannot be
   * renewed.
   */
  async changed(ref: RecordRef, record: TokenRecord): Promise<readonly SealedChange[]> {
    const entry = entryOf(ref, record);
    return entry === null ? await this.removed(ref) : [await this.#values.change(nameOf(ref), entry, null)];
  }

  /** The removal of a grant's entry, for the atomic write that ends the grant. */
  async removed(ref: RecordRef): Promise<readonly SealedChange[]> {
    return ref.name.kind === "grant" ? [await this.#values.change(nameOf(ref), null, null)] : [];
  }

  /**
   * The grants that are due at `nowMs` (Unix milliseconds), by the end of their refresh tokens, soonest first. An entry
   * that does not open is skipped.
   *
   * @throws TokenError `store_unavailable`.
   */
  async due(nowMs: number): Promise<DueGrant[]> {
    const entries = await Array.fromAsync(this.#values.list(() => {}), ({ value }) => value);
    return entries.filter(({ dueAtMs }) => dueAtMs <= nowMs).toSorted((a, b) => a.endsAtMs - b.endsAtMs);
  }
}

/** The entry of a record; `null` where it is no grant, or its pair has no refresh token. */
function entryOf({ name }: RecordRef, record: TokenRecord): DueGrant | null {
  const { token, auth, fp } = record;
  const { user, credentials: { brand, recordBrand, appId } } = name;
  if (name.kind !== "grant" || user === undefined) return null;
  if (token.refreshToken === undefined) return null;
  const issuedAtMs = token.expiresAtMs - token.lifetimeMs;
  // No rotation outlives the authorization.
  const endsAtMs = Math.min(
    token.refreshExpiresAtMs ?? issuedAtMs + ASSUMED_LIFE_MS,
    (auth?.endsS ?? Infinity) * 1_000,
  );
  const lifeMs = endsAtMs - issuedAtMs;
  const dueAtMs = Math.round(issuedAtMs + lifeMs * (DUE_SHARE + JITTER_SHARE * (2 * fractionOf(fp) - 1)));
  return { brand, appId, user, dueAtMs, endsAtMs, ...defined({ recordBrand }) };
}

/** A number from 0 to 1, the same in every process for the same pair. */
function fractionOf(fp: string): number {
  let hash = 0;
  for (const character of fp) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) >>> 0;
  return hash / 2 ** 32;
}

function nameOf({ name: { credentials: { brand, recordBrand = brand, appId }, user } }: RecordRef): string {
  return JSON.stringify([recordBrand, appId, user]);
}
