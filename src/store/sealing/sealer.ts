import type { Random } from "../../ports/random.ts";
import { type Bytes, fromUtf8, utf8 } from "../files/bytes.ts";
import type { ServerKey } from "./server_key.ts";

const NONCE_BYTES = 12;

/** Seals and opens JSON with one server key: AES-256-GCM, random 96-bit nonce, the context as associated data. */
export class Sealer {
  /** The id of the key, stored with each value that it seals. */
  readonly keyId: string;
  readonly #random: Random;
  readonly #base: CryptoKey;
  readonly #serverKeyAlone: CryptoKey;

  private constructor(keyId: string, random: Random, base: CryptoKey, serverKeyAlone: CryptoKey) {
    this.keyId = keyId;
    this.#random = random;
    this.#base = base;
    this.#serverKeyAlone = serverKeyAlone;
  }

  /** A sealer with `key`. */
  static async create(key: ServerKey, random: Random): Promise<Sealer> {
    const base = await crypto.subtle.importKey("raw", key.bytes, "HKDF", false, ["deriveKey"]);
    return new Sealer(key.id, random, base, await derive(base, new Uint8Array(), "seal"));
  }

  /**
   * Seals `value`. With `alsoNeeds`, that secret is part of the key, and the server key alone does not open the
   * value.
   */
  async seal(value: unknown, context: SealContext, alsoNeeds?: Bytes): Promise<Bytes> {
    const nonce = this.#random.bytes(NONCE_BYTES);
    const text = utf8(JSON.stringify(value));
    const sealed = await crypto.subtle.encrypt(
      this.#algorithm(nonce, context),
      await this.#key(alsoNeeds),
      text,
    );
    const bytes = new Uint8Array(NONCE_BYTES + sealed.byteLength);
    bytes.set(nonce);
    bytes.set(new Uint8Array(sealed), NONCE_BYTES);
    return bytes;
  }

  /**
   * Opens what {@linkcode Sealer.seal} sealed.
   *
   * @throws Error when the bytes were sealed with another key or for another context, or were changed.
   */
  async open(bytes: Bytes, context: SealContext, alsoNeeds?: Bytes): Promise<unknown> {
    const algorithm = this.#algorithm(bytes.slice(0, NONCE_BYTES), context);
    const text = await crypto.subtle.decrypt(algorithm, await this.#key(alsoNeeds), bytes.slice(NONCE_BYTES));
    return JSON.parse(fromUtf8(new Uint8Array(text)));
  }

  #key(alsoNeeds?: Bytes): CryptoKey | Promise<CryptoKey> {
    return alsoNeeds === undefined ? this.#serverKeyAlone : derive(this.#base, alsoNeeds, "presented");
  }

  #algorithm(nonce: Bytes, context: SealContext): AesGcmParams {
    return {
      name: "AES-GCM",
      iv: nonce,
      additionalData: utf8(`1|${this.keyId}|${context.part}|${context.place}`),
    };
  }
}

/** What a sealed value is bound to: it does not open in another key, slot or part. */
export interface SealContext {
  /** The KV key, as text. */
  readonly place: string;
  /** Which part of the value. */
  readonly part: "head" | "body" | "names" | "value";
}

/** An AES-256 key for `purpose`, from the server key and `salt`: empty, or the other secret that is needed to open. */
function derive(base: CryptoKey, salt: Bytes, purpose: string): Promise<CryptoKey> {
  const parameters = { name: "HKDF", hash: "SHA-256", salt, info: utf8(`feishu-token-mcp ${purpose}`) };
  return crypto.subtle.deriveKey(parameters, base, { name: "AES-GCM", length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);
}
