import type { Secret } from "../secret.ts";
import { endOfString } from "./end_of_string.ts";
import { type Fields, readText } from "./lenient_fields.ts";

/** The keys of a pair, with their colon. Other keys, and keys without double quotes, are passed over. */
const KEY =
  /"(access_token|refresh_token|expires_in|refresh_token_expires_in|refresh_expires_in|token_type|scope)"\s*:\s*/g;
/** A key whose value may be a whole JSON document as a string. */
const DATA_KEY = /"data"\s*:\s*(?=")/g;
/** A number with something behind it: without that, more digits may have followed. */
const NUMBER = /\d+(?:\.\d+)?(?=[\s,}\]])/y;
/** RFC 6750, `b64token`: what can be sent as a bearer token. What a log shows of a hidden one (`***`, `eyJh...`) is none. */
const BEARER_TOKEN = /^(?!.*\.{3})[A-Za-z0-9._~+/-]+=*$/;
/** How many strings within strings are opened. */
const MAX_NESTING = 3;

/**
 * The last resort for a body that no parser takes, or in which the pair is not where it belongs: the fields of the last
 * pair in `text`, wherever it stands. It takes both tokens, under quoted keys and as whole strings. Lifetimes, type and
 * scope are there as far as they can be read.
 *
 * An error page may repeat the request: a refresh token that is `presented` is never taken.
 */
export function salvagePair(text: string, presented: Secret): Fields | undefined {
  // UTF-16 read as UTF-8: every second character is NUL.
  return lastPair(text.replaceAll("\0", ""), presented.reveal(), MAX_NESTING);
}

function lastPair(text: string, presented: string, nesting: number): Fields | undefined {
  let pair: Fields | undefined;
  let fields: Record<string, string> = {};
  for (const [key, value] of members(text)) {
    if (isToken(key) && (!BEARER_TOKEN.test(value) || value === presented)) continue;
    // The next pair begins. Lifetimes do not show that: they stand before or behind their tokens.
    if (isToken(key) && key in fields) fields = {};
    fields[key] = value;
    if (isPair(fields)) pair = fields;
  }
  if (pair !== undefined || nesting === 0) return pair;
  for (const nested of nestedTexts(text)) pair = lastPair(nested, presented, nesting - 1) ?? pair;
  return pair;
}

function isToken(key: string): boolean {
  return key === "access_token" || key === "refresh_token";
}

/** Two tokens alike are no pair, but what a proxy has put in the place of both. */
function isPair({ access_token, refresh_token }: Record<string, string>): boolean {
  return access_token !== undefined && refresh_token !== undefined && access_token !== refresh_token;
}

function* members(text: string): Generator<readonly [key: string, value: string]> {
  for (const { 0: match, 1: key = "", index } of text.matchAll(KEY)) {
    const at = index + match.length;
    NUMBER.lastIndex = at;
    const value = stringAt(text, at) ?? (isToken(key) ? undefined : NUMBER.exec(text)?.[0]);
    if (value !== undefined) yield [key, value];
  }
}

/** The texts that stand as one string where an object belongs: the whole body, or `data`. */
function nestedTexts(text: string): string[] {
  const data = [...text.matchAll(DATA_KEY)].map(({ 0: match, index }) =>
    stringAt(text, index + match.length)
  );
  return [stringAt(text, text.search(/\S/)), ...data].filter((nested) => nested !== undefined);
}

/** The value of the whole JSON string at `at`. Raw line breaks and tabs in it are none of its own. */
function stringAt(text: string, at: number): string | undefined {
  if (text[at] !== '"') return undefined;
  const end = endOfString(text, at);
  if (end === undefined) return undefined;
  try {
    // deno-lint-ignore no-control-regex
    return readText(JSON.parse(text.slice(at, end).replaceAll(/[\x00-\x1f]/g, "")));
  } catch {
    return undefined;
  }
}
