import type { Phrase } from "../../errors/language.ts";
import { isPlaceholder } from "../../credentials/is_placeholder.ts";
import { unquoted } from "../../credentials/unquoted.ts";
import type { SessionPart } from "./session_part.ts";

/** For any part. Feishu's ids have 20 characters and its secrets 32. */
export const MAX_VALUE_CHARACTERS = 256;

const ONCE: Phrase = { en: "must be given once", zh: "只能出现一次" };
const BRANDS: readonly string[] = ["feishu", "lark"];
const PRINTABLE_HEADER = /^[\x21-\x7e]+$/;
/** A value with the quotation marks of word processors and chat programs. */
const TYPOGRAPHIC_QUOTES = /^[\x21-\x7e]*[“”„‟‘’‚‛«»][\x21-\x7e“”„‟‘’‚‛«»]*$/;

/** A value as the request has it. */
export interface SessionValue {
  /** The part that it is for. */
  readonly part: SessionPart;
  /** Its name in messages: from a fixed set, never the caller's own words. */
  readonly name: Phrase;
  /** Unchecked; `null` or `undefined` where there is none. */
  readonly value: unknown;
}

/** A place of a request that may hold app credentials. */
export interface SessionPlace {
  /** Its name in messages, for instance `the headers`. */
  readonly label: Phrase;
  /** The name of each part there. */
  readonly names: Readonly<Record<SessionPart, string>>;
}

/** The values of one place: trimmed, checked, without blank ones. */
export interface SessionSource extends SessionPlace {
  /** Absent parts are left out. */
  readonly parts: Readonly<Partial<Record<SessionPart, string>>>;
  /** The names, in messages, of values whose surrounding quotation marks were removed. */
  readonly quoted: readonly Phrase[];
}

/** Reads the values of one place. Each fault is added to `problems` as one line, which never repeats the value. */
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

/** The rule that `text` violates, as the end of a sentence. */
function brokenRule(part: SessionPart, text: string): Phrase | undefined {
  if (text.length > MAX_VALUE_CHARACTERS) {
    return {
      en: `must not exceed ${MAX_VALUE_CHARACTERS} characters`,
      zh: `不能超过 ${MAX_VALUE_CHARACTERS} 个字符`,
    };
  }
  // A header that was sent twice arrives as one value with a comma.
  if (text.includes(",")) {
    return { en: "must be given once, and without a comma", zh: "只能出现一次，且不能含逗号" };
  }
  if (!PRINTABLE_HEADER.test(text) && !(part !== "brand" && isNeverReplaced(text))) {
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

/** The call that needs the pair refuses such a value, with a reason of its own; requests without such a call work. */
function isNeverReplaced(text: string): boolean {
  return TYPOGRAPHIC_QUOTES.test(text) || (isPlaceholder(text) && !/\p{Cc}/u.test(text));
}
