import type { Phrase } from "../../errors/language.ts";
import { isPlaceholder } from "../../credentials/is_placeholder.ts";
import { unquoted } from "../../credentials/unquoted.ts";
import type { SessionPart } from "./session_part.ts";

/** Longest value of any part. Feishu's ids have 20 characters and its secrets 32. */
export const MAX_VALUE_CHARACTERS = 256;

const ONCE: Phrase = { en: "must be given once", zh: "只能出现一次" };
const BRANDS: readonly string[] = ["feishu", "lark"];
const PRINTABLE_ASCII = /^[\x21-\x7e]+$/;
/** Put around a value by word processors and chat programs. */
const TYPOGRAPHIC_QUOTES = /^[\x21-\x7e]*[“”„‟‘’‚‛«»][\x21-\x7e“”„‟‘’‚‛«»]*$/;

/** A value as it stands in the request. */
export interface SessionValue {
  /** Which one it is. */
  readonly part: SessionPart;
  /** How messages call it. From a fixed set, never the caller's own words. */
  readonly name: Phrase;
  /** Not checked; `null` and `undefined` where there is none. */
  readonly value: unknown;
}

/** One place of a request that app credentials may stand in. */
export interface SessionPlace {
  /** How messages call it, for instance `the headers`. */
  readonly label: Phrase;
  /** How each part is called there. */
  readonly names: Readonly<Record<SessionPart, string>>;
}

/** What one place holds: trimmed, checked, blank values left out. */
export interface SessionSource extends SessionPlace {
  /** Those that are there. */
  readonly parts: Readonly<Partial<Record<SessionPart, string>>>;
  /** Those that had quotation marks around them, which were cut: how messages call them. */
  readonly quoted: readonly Phrase[];
}

/** Reads the values of one place. What cannot be read goes to `problems`, one line each, and never its value. */
export function readSource(
  place: SessionPlace,
  values: readonly SessionValue[],
  problems: Phrase[],
): SessionSource {
  const parts: Partial<Record<SessionPart, string>> = {};
  const quoted: Phrase[] = [];
  for (const { part, name, value } of values) {
    if (value === undefined || value === null) continue;
    if (typeof value !== "string") {
      problems.push({ en: `${name.en} must be a string`, zh: `${name.zh} 必须是字符串` });
      continue;
    }
    const given = value.trim();
    const text = unquoted(given);
    if (text !== given) quoted.push(name);
    if (text === "") continue;
    const rule = parts[part] === undefined ? brokenRule(part, text) : ONCE;
    if (rule !== undefined) problems.push({ en: `${name.en} ${rule.en}`, zh: `${name.zh} ${rule.zh}` });
    parts[part] ??= part === "brand" ? text.toLowerCase() : text;
  }
  return { ...place, parts, quoted };
}

/** The rule that `text` breaks, as the end of a sentence. */
function brokenRule(part: SessionPart, text: string): Phrase | undefined {
  if (text.length > MAX_VALUE_CHARACTERS) {
    return {
      en: `must not exceed ${MAX_VALUE_CHARACTERS} characters`,
      zh: `不能超过 ${MAX_VALUE_CHARACTERS} 个字符`,
    };
  }
  // A header that is sent twice arrives as one value with a comma.
  if (text.includes(",")) {
    return { en: "must be given once, and without a comma", zh: "只能出现一次，且不能含逗号" };
  }
  if (!PRINTABLE_ASCII.test(text) && !(part !== "brand" && isNeverReplaced(text))) {
    return {
      en: "must consist of ASCII characters, without blanks and control characters",
      zh: "只能由 ASCII 字符组成，不含空白字符和控制字符",
    };
  }
  if (part === "brand" && !BRANDS.includes(text.toLowerCase())) {
    return { en: "must be feishu or lark", zh: "必须是 feishu 或 lark" };
  }
  return undefined;
}

/** Judged with its pair, by the call that needs it: everything else can be had without credentials. */
function isNeverReplaced(text: string): boolean {
  return TYPOGRAPHIC_QUOTES.test(text) || (isPlaceholder(text) && !/\p{Cc}/u.test(text));
}
