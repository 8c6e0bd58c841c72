import type { Phrase } from "../../errors/language.ts";
import { UnreadableText } from "./unreadable_text.ts";

const BYTE_ORDER_MARK = "\ufeff";

const UTF_16: Phrase = { en: "it is in UTF-16, save it as UTF-8", zh: "文件编码为 UTF-16，请另存为 UTF-8" };
const NOT_UTF_8: Phrase = { en: "it is not in UTF-8", zh: "文件编码不是 UTF-8" };

/** The text of a file, and what has to be in front of it when it is written again. */
export interface FileText {
  /** Without a byte order mark. */
  readonly text: string;
  /** The byte order mark, where there is one. */
  readonly mark: string;
}

/** Decodes a file. @throws UnreadableText where it is not in UTF-8. */
export function decodeFile(bytes: Uint8Array): FileText {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new UnreadableText(1, UTF_16);
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.startsWith(BYTE_ORDER_MARK)
      ? { text: text.slice(1), mark: BYTE_ORDER_MARK }
      : { text, mark: "" };
  } catch (cause) {
    throw new UnreadableText(1, NOT_UTF_8, { cause });
  }
}

/** Encodes a file. */
export function encodeFile({ text, mark }: FileText): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(mark + text);
}

/** Whether two contents are the same. */
export function isSameContent(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
