import type { Secret } from "../secret.ts";

const MASKED_TEXT = "[secret]";
/** Older secrets are still recognized by their shape. */
const REMEMBERED = 200;
/** Characters. Masking shorter values would hide ordinary words. */
const SHORTEST = 8;

/** Tokens as Feishu makes them: `t-…`, `u-…`, `ur-…`, `a-…` and JWTs; and anything behind `Bearer`. */
const SHAPES =
  /\b(?:t|u|ur|a)-[A-Za-z0-9._~-]{16,}|\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)*|\b[Bb]earer\s+[^\s"',;]+/g;

/** Takes secrets out of text: those that it knows, and anything that looks like a token. */
export class Mask {
  readonly #kept = new Set<string>();
  readonly #passing = new Set<string>();
  /** The last two that were added: most likely the secret and the token of the next call as well. */
  #newest = "";
  #second = "";
  #sorted: readonly string[] | undefined;

  /** Remembers a secret of the configuration for good. There are few. */
  keep(secret: Secret): void {
    const value = secret.reveal();
    if (value.length < SHORTEST || this.#kept.has(value)) return;
    this.#kept.add(value);
    this.#sorted = undefined;
  }

  /** Remembers a secret of a call until 200 newer ones have come. */
  add(secret: Secret): void {
    const value = secret.reveal();
    if (value === this.#newest || value === this.#second || value.length < SHORTEST) return;
    this.#second = this.#newest;
    this.#newest = value;
    const isNew = !this.#passing.delete(value);
    this.#passing.add(value);
    if (!isNew) return;
    const [oldest] = this.#passing;
    if (this.#passing.size > REMEMBERED && oldest !== undefined) this.#passing.delete(oldest);
    this.#sorted = undefined;
  }

  /** `text` without secrets. */
  apply(text: string): string {
    let masked = text;
    for (const secret of this.#byLength()) {
      if (masked.includes(secret)) masked = masked.replaceAll(secret, MASKED_TEXT);
    }
    return masked.replace(SHAPES, MASKED_TEXT);
  }

  /**
   * The longest first: masking a secret that is a part of another must not leave the rest of that readable. They are
   * sorted when a line is written, which happens far less often than a secret is added.
   */
  #byLength(): readonly string[] {
    return this.#sorted ??= [...this.#kept, ...this.#passing].sort((a, b) => b.length - a.length);
  }
}
