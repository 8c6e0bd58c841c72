import {
  createScanner,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
import { verbatim } from "../../errors/verbatim.ts";
import { lineAt, UnreadableText } from "./unreadable_text.ts";

/** A text of JSON with comments, and its tree. Changes are made in the text, so that all else stays as it is. */
export class JsonText {
  /** The text. */
  readonly text: string;
  /** Its root; `undefined` where there is nothing but blanks and comments. */
  readonly root: Node | undefined;

  /** Reads `text`, which may have comments and trailing commas. */
  constructor(text: string) {
    this.text = text;
    const errors: ParseError[] = [];
    try {
      this.root = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw new UnreadableText(1, { en: "it is nested too deeply", zh: "嵌套过深" }, { cause });
    }
    const [first] = errors;
    if (first !== undefined) {
      // The parser's own names, as in `ValueExpected`, in words.
      const words = printParseErrorCode(first.error).replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
      throw new UnreadableText(lineAt(text, first.offset), verbatim(words));
    }
  }

  /** Its value. Of a name that is there twice, the last counts. */
  get value(): unknown {
    return this.root === undefined ? undefined : getNodeValue(this.root);
  }

  /** Line of a node, from 1. */
  lineOf(node: Node): number {
    return lineAt(this.text, node.offset);
  }

  /** `text` with what is between two offsets replaced. */
  splice(from: number, to: number, replacement: string): JsonText {
    return new JsonText(this.text.slice(0, from) + replacement + this.text.slice(to));
  }

  /** Offset of the comma between two offsets, past comments; `undefined` where there is none. */
  commaBetween(from: number, to: number): number | undefined {
    const scanner = createScanner(this.text, true);
    scanner.setPosition(from);
    while (scanner.getPosition() < to) {
      scanner.scan();
      const at = scanner.getTokenOffset();
      if (at < to && scanner.getTokenLength() === 1 && this.text.charAt(at) === ",") return at;
    }
    return undefined;
  }

  /** The blanks at the beginning of the line that has `offset`. */
  indentAt(offset: number): string {
    const start = this.text.lastIndexOf("\n", offset - 1) + 1;
    return /^[ \t]*/.exec(this.text.slice(start, offset))?.[0] ?? "";
  }

  /** What one more level of the text is indented by. */
  get indentUnit(): string {
    const [, first = "  "] = /^[^\S\n]*[{[][^\S\n]*\r?\n([ \t]+)\S/m.exec(this.text) ?? [];
    return first.startsWith("\t") ? "\t" : first.slice(0, 8);
  }

  /** How its lines end. */
  get eol(): string {
    return this.text.includes("\r\n") ? "\r\n" : "\n";
  }
}
