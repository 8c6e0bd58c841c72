const MASK = "[secret]";

/**
 * A string that must not be shown: an app secret, a token, a key. Interpolation, JSON, `console` and `Deno.inspect`
 * print a mask; {@linkcode Secret.reveal} is the only way to the value, so that every place that uses it can be found
 * by searching for its name.
 */
export class Secret {
  readonly #value: string;

  /** Wraps `value`. */
  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. For the wire, for sealing, and for the answer to the caller that may have it. */
  reveal(): string {
    return this.#value;
  }

  /** Length in UTF-16 units: enough for validation and error texts. */
  get length(): number {
    return this.#value.length;
  }

  /** A mask, never the value. */
  toString(): string {
    return MASK;
  }

  /** A mask, never the value. */
  toJSON(): string {
    return MASK;
  }

  /** A mask, never the value (Deno's `inspect`). */
  [Symbol.for("Deno.customInspect")](): string {
    return MASK;
  }

  /** A mask, never the value (Node's `inspect`). */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return MASK;
  }
}
