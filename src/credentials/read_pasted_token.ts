/** Which token of an answer is meant. */
export type PastedKind = "access" | "refresh";

/** The names that a token of each kind has in Feishu's answers and in those of this server. */
const FIELDS: Readonly<Record<PastedKind, readonly string[]>> = {
  access: ["access_token", "user_access_token", "tenant_access_token", "app_access_token"],
  refresh: ["refresh_token"],
};

/** A name in front of a value: `NAME=`, `export NAME=`, `$env:NAME =`, `"name": `. No token of Feishu's begins so. */
const NAME = /^(?:export\s+|set\s+|\$env:)?(["']?)([A-Za-z_]\w{0,63})\1\s*[=:]\s*(?=[^=\s])/i;
const BEARER = /^bearer(?:\s+|$)/i;
/** Around a block of code in Markdown. */
const FENCE = "```";
const QUOTES: readonly (readonly [open: string, close: string])[] = [
  ['"', '"'],
  ["'", "'"],
  ["`", "`"],
  ["“", "”"],
  ["‘", "’"],
];
/** Wrappings inside each other that are taken off, such as `export NAME="Bearer …"`. */
const MAX_LAYERS = 6;

/**
 * The token in `text` as people paste it: without `Bearer`, quotes, the name in front of it, or the JSON answer and the
 * block of variables around it. Text that holds none of these comes back as it is, without the blanks around it.
 *
 * Only what cannot be a part of a token is cut off: nothing is judged, and nothing inside a token is changed.
 */
export function readPastedToken(text: string, kind: PastedKind): string {
  let token = text.trim();
  for (let layer = 0; layer < MAX_LAYERS; layer++) {
    const inner = unwrapped(token, kind);
    if (inner === token) break;
    token = inner;
  }
  return token;
}

function unwrapped(text: string, kind: PastedKind): string {
  return fieldOf(text, kind) ?? withoutFence(text) ?? lineOf(text, kind) ?? withoutQuotes(text) ??
    text.replace(BEARER, "").replace(NAME, "").replace(/[,;]$/, "").trim();
}

/** From an object with names in quotes, or a list of them, however deep: an answer of Feishu's or of this server, also as Python prints it. */
function fieldOf(text: string, kind: PastedKind): string | undefined {
  if (!/^[{[]/.test(text)) return undefined;
  for (const name of FIELDS[kind]) {
    const values = text.matchAll(new RegExp(`(["'])${name}\\1\\s*:\\s*(["'])([^"'\\\\]+)\\2`, "g"));
    const [found, ...others] = new Set([...values].map(([, , , value]) => value));
    if (found !== undefined) return others.length === 0 ? found : undefined;
  }
  return undefined;
}

/** From a block of `NAME=value` lines, where one name alone says that it is the token meant. */
function lineOf(text: string, kind: PastedKind): string | undefined {
  const lines = text.split(/[\r\n]+/).map((line) => line.trim()).filter((line) => line !== "");
  if (lines.length < 2) return undefined;
  const fitting = lines.filter((line) => {
    const name = NAME.exec(line)?.[2]?.toLowerCase();
    return name !== undefined && FIELDS[kind].some((field) => name.endsWith(field));
  });
  return fitting.length === 1 ? fitting[0] : undefined;
}

function withoutFence(text: string): string | undefined {
  if (text.length <= 2 * FENCE.length || !text.startsWith(FENCE) || !text.endsWith(FENCE)) return undefined;
  return text.slice(FENCE.length, -FENCE.length).replace(/^\w*\r?\n/, "").trim();
}

function withoutQuotes(text: string): string | undefined {
  const [open, close] = QUOTES.find(([first]) => text.startsWith(first)) ?? [];
  if (open === undefined || close === undefined || text.length < 2 || !text.endsWith(close)) return undefined;
  const inner = text.slice(open.length, -close.length);
  return inner.includes(close) ? undefined : inner.trim();
}
