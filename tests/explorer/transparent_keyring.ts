import type { AppKeys, Keyring } from "../../src/store/sealing/keyring.ts";
import type { Sealer } from "../../src/store/sealing/sealer.ts";
import type { SerialWork } from "./serial_work.ts";

/**
 * The real keyring and sealing, which also remember every value and name that goes in: so invariants can read the store
 * without opening anything. Each value is sealed and first opened for real; opening it again repeats the first result,
 * which saves most of a walk's time.
 */
export class TransparentKeyring implements Keyring {
  readonly source = "environment";
  readonly shared: AppKeys;
  readonly #plain = new Map<string, unknown>();
  readonly #hashes = new Map<string, Promise<string>>();
  readonly #texts = new Map<string, string>();
  readonly #opened = new Map<string, Promise<unknown>>();

  /** In front of `real`; every operation of WebCrypto runs through `work`. */
  constructor(real: AppKeys, work: SerialWork) {
    const sealer = this.#remembering(real.sealer, work);
    const hash = (text: string): Promise<string> => {
      const known = this.#hashes.get(text) ?? work.run(() => real.hash(text)).then((made) => {
        this.#texts.set(made, text);
        return made;
      });
      this.#hashes.set(text, known);
      return known;
    };
    this.shared = {
      sealer,
      openers: new Map([[sealer.keyId, sealer]]),
      hash,
      storeId: () => hash("store"),
    };
  }

  /** The same keys for every app. */
  keysFor(): Promise<AppKeys> {
    return Promise.resolve(this.shared);
  }

  /** The value that was sealed as `bytes`. */
  plain(bytes: Uint8Array): unknown {
    const key = bytes.toBase64();
    if (!this.#plain.has(key)) throw new Error("Not sealed in this walk");
    return this.#plain.get(key);
  }

  /** The name in a trace of a record's place or a token's fingerprint: the last part of what was hashed. */
  nameOf(hash: string): string {
    const text = this.#texts.get(hash);
    if (text === undefined) return hash;
    const parts: unknown = JSON.parse(text.slice(text.indexOf("[")));
    if (!Array.isArray(parts)) throw new TypeError(`Not a list of parts: ${text}`);
    return parts[0] === "app" ? "app" : String(parts.at(-1));
  }

  #remembering(real: Sealer, work: SerialWork): Sealer {
    const seal: Sealer["seal"] = async (value, ...rest) => {
      const bytes = await work.run(() => real.seal(value, ...rest));
      this.#plain.set(bytes.toBase64(), value);
      return bytes;
    };
    const open: Sealer["open"] = (bytes, context, alsoNeeds) => {
      const key = `${bytes.toBase64()} ${context.place} ${context.part} ${alsoNeeds?.toBase64()}`;
      const known = this.#opened.get(key) ?? work.run(() => real.open(bytes, context, alsoNeeds));
      this.#opened.set(key, known);
      return known;
    };
    return new Proxy(real, {
      get(target, property): unknown {
        if (property === "seal") return seal;
        return property === "open" ? open : Reflect.get(target, property, target);
      },
    });
  }
}
