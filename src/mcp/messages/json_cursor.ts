/** Codes of the characters that structure JSON. */
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const JSON_NUMBER = /[-\d][\d.eE+-]*/y;

/**
 * A place in a JSON text, which only moves forward. It reads each character once and makes no values but those that are
 * asked for.
 */
export class JsonCursor {
  readonly #text: string;
  #at = 0;

  /** Begins in front of the first value of `text`, which must be valid JSON. */
  constructor(text: string) {
    this.#text = text;
  }

  /** Whether the value here begins with `character`. */
  isAt(character: string): boolean {
    return this.#next() === character.charCodeAt(0);
  }

  /** Calls `onElement` in front of each element of the array here, and moves behind the array. */
  elements(onElement: () => void): void {
    this.#inside(CLOSE_BRACKET, onElement);
  }

  /**
   * Calls `onMember` in front of each member's value, and moves behind the object. At any other value it does
   * nothing.
   */
  members(onMember: (name: string) => void): void {
    if (this.#next() !== OPEN_BRACE) return;
    this.#inside(CLOSE_BRACE, () => {
      const end = closingQuote(this.#text, this.#at);
      const name = this.#text.slice(this.#at + 1, end);
      this.#at = end + 1;
      this.#next();
      this.#at += 1; // the colon
      onMember(name.includes("\\") ? JSON.parse(`"${name}"`) : name);
    });
  }

  /** The number here as it is written; `undefined` at another value. */
  number(): string | undefined {
    this.#next();
    JSON_NUMBER.lastIndex = this.#at;
    const digits = JSON_NUMBER.exec(this.#text)?.[0];
    // A copy: a slice of the text would keep all of it in memory for as long as the request waits.
    return digits === undefined ? undefined : [...digits].join("");
  }

  /** Calls `onItem` in front of each item up to `close`. It need not read the item, or all of it. */
  #inside(close: number, onItem: () => void): void {
    this.#at += 1;
    while (this.#next() !== close) {
      onItem();
      this.#passRest();
      if (this.#next() === COMMA) this.#at += 1;
    }
    this.#at += 1;
  }

  /** Skips blanks; the code of the character behind them. */
  #next(): number {
    while (this.#text.charCodeAt(this.#at) <= SPACE) this.#at += 1;
    return this.#text.charCodeAt(this.#at);
  }

  /** Moves to the comma or bracket behind the current item, of which any part may have been read. */
  #passRest(): void {
    const text = this.#text;
    let at = this.#at;
    for (let depth = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) at = closingQuote(text, at);
      else if (code === OPEN_BRACKET || code === OPEN_BRACE) depth += 1;
      else if (code === CLOSE_BRACKET || code === CLOSE_BRACE) {
        if (depth === 0) break;
        depth -= 1;
      } else if (code === COMMA && depth === 0) break;
    }
    this.#at = at;
  }
}

/** Where the string ends that begins at `start`. */
function closingQuote(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1);; at = text.indexOf('"', at + 1)) {
    let first = at;
    while (text.charCodeAt(first - 1) === BACKSLASH) first -= 1;
    // Behind an odd number of backslashes, the quote is a character of the string.
    if ((at - first) % 2 === 0) return at;
  }
}
