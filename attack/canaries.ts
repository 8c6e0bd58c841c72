import type { Chance } from "../harness/chance.ts";

const ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
/** With it and the letters after it a secret is as long as Feishu's, and has digits as theirs have. */
const PREFIX = "Kanarie7";
const LENGTH = 26;
/** Shown of a text in which one was found, before it, in characters. */
const CONTEXT = 100;

/** Where a planted secret turned up. */
export interface Sighting {
  /** Name of the secret, and the form in which it was seen. */
  readonly name: string;
  /** What stood before it. */
  readonly context: string;
}

/** Made-up secrets that are planted, and looked for wherever none belongs. */
export class Canaries {
  readonly #chance: Chance;
  readonly #forms = new Map<string, string>();

  /** @param chance makes them up. */
  constructor(chance: Chance) {
    this.#chance = chance;
  }

  /** Makes one up. Equal names give different secrets. */
  make(name: string): string {
    const letters = Array.from({ length: LENGTH }, () => this.#chance.pick([...ALPHABET])).join("");
    return this.plant(name, PREFIX + letters);
  }

  /** Looks for `secret` from now on. Returns it. */
  plant(name: string, secret: string): string {
    const bytes = new TextEncoder().encode(secret);
    this.#forms.set(secret, name);
    // The last characters of base64 depend on what follows.
    this.#forms.set(bytes.toBase64().slice(0, -4), `${name} in base64`);
    this.#forms.set(bytes.toHex(), `${name} in hex`);
    this.#forms.set([...secret].toReversed().join(""), `${name} reversed`);
    return secret;
  }

  /** Those in `text`. */
  in(text: string): Sighting[] {
    return [...this.#forms].flatMap(([form, name]) => {
      const at = text.indexOf(form);
      if (at < 0) return [];
      return [{ name, context: text.slice(Math.max(0, at - CONTEXT), at).replaceAll(/[\r\n]/g, " ") }];
    });
  }
}
