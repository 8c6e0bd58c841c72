import type { Secret } from "../secret.ts";
import { endOfString } from "./end_of_string.ts";
import { type Fields, readText } from "./lenient_fields.ts";

/** The keys of a pair, with their colon. Other keys, and keys without double quotes, are ignored. */
const KEY =
  /"(access_token|refresh_token|expires_in|refresh_token_expires_in|refresh_expires_in|token_type|scope)"\s*:\s*/g;
/** The key whose value may be a JSON document in a string. */
const DATA_KEY = /"data"\s*:\s*(?=")/g;
/** A number that something follows: at the end of the text more digits may have followed. */
const NUMBER = /\d+(?:\.\d+)?(?=[\s,}\]])/y;
/** RFC 6750, `b64token`: the form of a bearer token. A masked one (`***`, `eyJh...`) does not match. */
const BEARER_TOKEN = /^(?!.*\.{3})[A-Za-z0-9._~+/-]+=*$/;
/** Most strings within strings that are parsed. */
const MAX_NESTING = 3;

/**
 * The last resort for a body that cannot be parsed, or that has the pair in a wrong place: finds the fields of the
 * last pair in `text`. A pair is both tokens, under quoted keys and as whole strings; lifetimes, type and scope are
 * added as far as they can be read. The refresh token `presented` is ignored, since an error page may quote the
 * request.
 */
export function salvagePair(text: string, presented: Secret): Fields | undefined {
  // In UTF-16 that was read as UTF-8 every second character is NUL.
  return lastPair(text.replaceAll("\0", ""), presented.reveal(), MAX_NESTING);
}

function lastPair(text: string, presented: string, nesting: number): Fields | undefined {
  let pair: Fields | undefined;
  let fields: Record<string, string> = {};
  for (const [key, value] of members(text)) {
    if (isToken(key) && (!BEARER_TOKEN.test(value) || value === presented)) continue;
    // The next pair begins. A lifetime does not show that: it may come before or after its token.
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

/** Equal tokens are no pair: a proxy has replaced both. */
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

/** Strings in the place of an object: the whole body, or `data`. */
function nestedTexts(text: string): string[] {
  const data = [...text.matchAll(DATA_KEY)].map(({ 0: match, index }) =>
    stringAt(text, index + match.length)
  );
  return [stringAt(text, text.search(/\S/)), ...data].filter((nested) => nested !== undefined);
}

/** The value of the whole JSON string at `at`, without raw line breaks and tabs, which JSON does not allow. */
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
