import * as z from "zod";
import { TokenError } from "../../errors/token_error.ts";
import type { Lease, RecordName, Slot, Status, TokenRecord, Tombstone } from "../../ports/store.ts";
import { type Bytes, utf8 } from "../files/bytes.ts";
import type { AppKeys } from "../sealing/keyring.ts";
import { type RecordPlace, type RecordPlaces, slotKey } from "./keys.ts";
import {
  decodeHead,
  decodeLease,
  decodeStatus,
  decodeToken,
  decodeTombstone,
  encodeToken,
  type TokenHead,
} from "./record_codec.ts";
import type { Sealer } from "../sealing/sealer.ts";

/** Version of the form of stored values. */
const VALUE_VERSION = 1;

const bytesSchema = z.instanceof(Uint8Array<ArrayBuffer>);

const storedSchema = z.object({
  v: z.literal(VALUE_VERSION),
  kid: z.string(),
  head: bytesSchema,
  body: bytesSchema.exactOptional(),
});

/**
 * A value as it is in KV. `head` opens with the server key alone. Only a token has a `body`; that of a `caller` or a
 * `login` record opens only with the presented refresh token or code as well.
 */
export interface StoredValue {
  /** Version of this form. */
  readonly v: 1;
  /** Id of the key that sealed it. */
  readonly kid: string;
  /** Of a token, the part that orders it; of the other slots, everything. */
  readonly head: Bytes;
  /** The secrets of a token. */
  readonly body?: Bytes;
}

/** Seals and opens the values of one record. */
export class RecordSealing {
  readonly #name: RecordName;
  readonly #keys: AppKeys;
  readonly #places: RecordPlaces;

  /** For the record `name`, whose values are at `places`. */
  constructor(name: RecordName, keys: AppKeys, places: RecordPlaces) {
    this.#name = name;
    this.#keys = keys;
    this.#places = places;
  }

  /** A token as it is stored; `keepUntilMs` (Unix milliseconds) is when it may be cleaned up, `null` never. */
  async sealToken(
    record: TokenRecord,
    keepUntilMs: number | null,
    slot: "token" | "spare" = "token",
  ): Promise<StoredValue> {
    const { sealer } = this.#keys;
    const parts = encodeToken(record, keepUntilMs);
    const place = placeText(slot, this.#places[slot]);
    const [head, body] = await Promise.all([
      sealer.seal(parts.head, { place, part: "head" }),
      sealer.seal(parts.body, { place, part: "body" }, this.#alsoNeeds()),
    ]);
    return { v: VALUE_VERSION, kid: sealer.keyId, head, body };
  }

  /** A lease, a status or a tombstone as it is stored: without a body. */
  async seal(slot: Slot, value: Lease | Status | Tombstone): Promise<StoredValue> {
    const { sealer } = this.#keys;
    const head = await sealer.seal(value, { place: placeText(slot, this.#places[slot]), part: "head" });
    return { v: VALUE_VERSION, kid: sealer.keyId, head };
  }

  /**
   * A whole token record, or a tombstone.
   *
   * @throws TokenError `store_unreadable`.
   */
  openToken(stored: unknown): Promise<TokenRecord | Tombstone> {
    return this.#open("token", stored, async (sealer, value, place) => {
      const head = await sealer.open(value.head, { place, part: "head" });
      return decodeTombstone(head) ?? await this.#wholeToken(sealer, value, place, head);
    });
  }

  /**
   * A whole spare pair.
   *
   * @throws TokenError `store_unreadable`.
   */
  openSpare(stored: unknown): Promise<TokenRecord> {
    return this.#open("spare", stored, async (sealer, value, place) => {
      const head = await sealer.open(value.head, { place, part: "head" });
      return await this.#wholeToken(sealer, value, place, head);
    });
  }

  /**
   * A lease.
   *
   * @throws TokenError `store_unreadable`.
   */
  openLease(stored: unknown): Promise<Lease> {
    return this.#open(
      "lease",
      stored,
      async (sealer, value, place) => decodeLease(await sealer.open(value.head, { place, part: "head" })),
    );
  }

  /**
   * A status.
   *
   * @throws TokenError `store_unreadable`.
   */
  openStatus(stored: unknown): Promise<Status> {
    return this.#open(
      "status",
      stored,
      async (sealer, value, place) => decodeStatus(await sealer.open(value.head, { place, part: "head" })),
    );
  }

  async #wholeToken(
    sealer: Sealer,
    value: StoredValue,
    place: string,
    head: unknown,
  ): Promise<TokenRecord> {
    const body = value.body ?? new Uint8Array();
    return decodeToken(head, await sealer.open(body, { place, part: "body" }, this.#alsoNeeds()));
  }

  #alsoNeeds(): Bytes | undefined {
    return this.#name.presented === undefined ? undefined : utf8(this.#name.presented.reveal());
  }

  #open<T>(
    slot: Slot,
    stored: unknown,
    open: (sealer: Sealer, value: StoredValue, place: string) => Promise<T>,
  ): Promise<T> {
    return opened(slot, this.#places[slot], this.#keys, stored, open);
  }
}

/**
 * The part of a stored token that orders it, or a tombstone. It opens without the presented token.
 *
 * @throws TokenError `store_unreadable`.
 */
export function openHead(place: RecordPlace, keys: AppKeys, stored: unknown): Promise<TokenHead | Tombstone> {
  return opened("token", place, keys, stored, async (sealer, value, text) => {
    const head = await sealer.open(value.head, { place: text, part: "head" });
    return decodeTombstone(head) ?? decodeHead(head);
  });
}

async function opened<T>(
  slot: Slot,
  place: RecordPlace,
  keys: AppKeys,
  stored: unknown,
  open: (sealer: Sealer, value: StoredValue, place: string) => Promise<T>,
): Promise<T> {
  const text = placeText(slot, place);
  const parsed = storedSchema.safeParse(stored);
  if (!parsed.success) {
    throw unreadable(`${text} is not a value of this version`, `${text} 不是当前版本的值`);
  }
  const value: StoredValue = parsed.data;
  const sealer = keys.openers.get(value.kid);
  if (sealer === undefined) {
    throw unreadable(
      `${text} was sealed with the key "${value.kid}"`,
      `${text} 是用密钥 "${value.kid}" 加密的`,
    );
  }
  try {
    return await open(sealer, value, text);
  } catch (error) {
    throw unreadable(text, text, error);
  }
}

function unreadable(en: string, zh: string, cause?: unknown): TokenError {
  return new TokenError("store_unreadable", { detail: { en, zh }, cause });
}

function placeText(slot: Slot, place: RecordPlace): string {
  return slotKey(slot, place).join("/");
}
