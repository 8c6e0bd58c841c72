/** Ends of a line that is typed unseen. */
export type HiddenEnd =
  /** `rest` was typed behind it. */
  | { readonly kind: "line"; readonly text: string; readonly rest: string }
  | { readonly kind: "interrupt" }
  | { readonly kind: "end of input" }
  | { readonly kind: "open" };

/** Around what is pasted, in terminals that were told to mark that. */
// deno-lint-ignore no-control-regex -- what terminals send
const PASTE_MARKS = /\x1b\[20[01]~/g;

/** Collects the keys of a line that the terminal neither shows nor edits. */
export class HiddenLine {
  #text = "";

  /** Takes the next keys. */
  take(keys: string): HiddenEnd {
    const typed = [...keys.replace(PASTE_MARKS, "")];
    for (const [index, key] of typed.entries()) {
      switch (key) {
        case "\r":
        case "\n":
          return { kind: "line", text: this.#text, rest: typed.slice(index + 1).join("").replace(/^\n/, "") };
        case "\x03":
          return { kind: "interrupt" };
        case "\x04":
          if (this.#text === "") return { kind: "end of input" };
          break;
        case "\x7f":
        case "\b":
          this.#text = [...this.#text].slice(0, -1).join("");
          break;
        // Ctrl+U.
        case "\x15":
          this.#text = "";
          break;
        default:
          if (key >= " ") this.#text += key;
      }
    }
    return { kind: "open" };
  }
}
