import type { Phrase } from "../errors/language.ts";
import { Secret } from "../secret.ts";
import { isCallerName } from "./is_caller_name.ts";

/** A shorter key could be guessed: 32 characters of 64 are 192 bits. */
const SHORTEST_KEY = 32;
const KEY_CHARACTERS = /^[A-Za-z0-9_-]*$/;
/** A list may be one line of a variable, or the lines of a file. */
const BETWEEN_ENTRIES = /[\s,]+/;

const EMPTY: Phrase = { en: "there is no key in it", zh: "其中没有任何密钥" };

/** A key, and the name of the caller that sends it. A caller has two while they are exchanged. */
export interface CallerKey {
  /** The name; logins are kept under it. */
  readonly name: string;
  /** The key itself. */
  readonly key: Secret;
}

/** The keys of a list, and what is wrong with it. */
export interface CallerKeysReading {
  /** Those that can be read, in the order of the list. */
  readonly keys: readonly CallerKey[];
  /** They quote nothing: a name may be a key by mistake. */
  readonly faults: readonly Phrase[];
}

/**
 * Reads `FEISHU_TOKEN_CALLER_KEYS`: entries `NAME=KEY`, separated by commas, blanks or line breaks. Two entries of one
 * name are two keys of one caller. No two callers have the same key: it would not tell them apart.
 */
export function readCallerKeys(text: string): CallerKeysReading {
  const entries = text.split(BETWEEN_ENTRIES).filter((entry) => entry !== "");
  if (entries.length === 0) return { keys: [], faults: [EMPTY] };
  const keys: CallerKey[] = [];
  const faults: Phrase[] = [];
  const positions = new Map<string, number>();
  for (const [index, entry] of entries.entries()) {
    const position = index + 1;
    const equals = entry.indexOf("=");
    const [name, key] = [entry.slice(0, Math.max(0, equals)), entry.slice(equals + 1)];
    const rule = equals < 0 ? NO_PAIR : brokenRule(name, key);
    const earlier = positions.get(key);
    if (rule !== undefined) faults.push(inEntry(position, rule));
    else if (earlier !== undefined) faults.push(inEntry(position, repeats(earlier)));
    else {
      positions.set(key, position);
      keys.push({ name, key: new Secret(key) });
    }
  }
  return { keys, faults };
}

const NO_PAIR: Phrase = { en: "is not NAME=KEY", zh: "不是 NAME=KEY 的形式" };
const NAME_RULE: Phrase = {
  en: "has a name other than 1 to 63 of a-z, 0-9, _, . and -, beginning with a letter or digit",
  zh: "的名称无效：应为 1 到 63 个 a-z、0-9、_、. 或 -，并以字母或数字开头",
};
const LENGTH_RULE: Phrase = {
  en: `has a key of fewer than ${SHORTEST_KEY} characters: make one with \`openssl rand -hex 32\``,
  zh: `的密钥不足 ${SHORTEST_KEY} 个字符：请用 \`openssl rand -hex 32\` 生成`,
};
const CHARACTERS_RULE: Phrase = {
  en: "has a key with characters other than A-Z, a-z, 0-9, _ and -: make one with `openssl rand -hex 32`",
  zh: "的密钥含有 A-Z、a-z、0-9、_ 和 - 以外的字符：请用 `openssl rand -hex 32` 生成",
};

function brokenRule(name: string, key: string): Phrase | undefined {
  if (!isCallerName(name)) return NAME_RULE;
  if (!KEY_CHARACTERS.test(key)) return CHARACTERS_RULE;
  return key.length < SHORTEST_KEY ? LENGTH_RULE : undefined;
}

function repeats(earlier: number): Phrase {
  return { en: `has the key of entry ${earlier}`, zh: `的密钥与第 ${earlier} 项相同` };
}

function inEntry(position: number, { en, zh }: Phrase): Phrase {
  return { en: `entry ${position} ${en}`, zh: `第 ${position} 项${zh}` };
}
