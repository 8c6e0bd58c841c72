import type { Secret } from "../secret.ts";

const MASK = "[secret]";
/** Secrets beyond the newest ones are still caught by their shape. */
const REMEMBERED = 200;
/** Shorter values would mask ordinary words. */
const SHORTEST = 8;

/** Feishu's own shapes: `t-…`, `u-…`, `ur-…`, `a-…`, JWTs; and what stands behind `Bearer`. */
const SHAPES =
  /\b(?:t|u|ur|a)-[A-Za-z0-9._~-]{16,}|\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)*|\b[Bb]earer\s+[^\s"',;]+/g;

/** Takes secrets out of text: those it was told of, and whatever looks like one. */
export class Mask {
  readonly #kept = new Set<string>();
  readonly #passing = new Set<string>();
  /** The last two that were added: the secret and the token of one call, and most likely of the next. */
  #newest = "";
  #second = "";
  #sorted: readonly string[] | undefined;

  /** Remembers a secret for good: one of the configuration, of which there are few. */
  keep(secret: Secret): void {
    const value = secret.reveal();
    if (value.length < SHORTEST || this.#kept.has(value)) return;
    this.#kept.add(value);
    this.#sorted = undefined;
  }

  /** Remembers a live secret until 200 newer ones have passed. */
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
      if (masked.includes(secret)) masked = masked.replaceAll(secret, MASK);
    }
    return masked.replace(SHAPES, MASK);
  }

  /**
   * The longest first: a secret that is a part of another must not leave the rest of that one readable. Sorted when a
   * line is written, which is far less often than a secret passes.
   */
  #byLength(): readonly string[] {
    return this.#sorted ??= [...this.#kept, ...this.#passing].sort((a, b) => b.length - a.length);
  }
}
