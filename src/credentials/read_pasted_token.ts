/** Which token of a pair is wanted. */
export type PastedKind = "access" | "refresh";

/** The names of each kind of token in the answers of Feishu and of this server. */
const FIELDS: Readonly<Record<PastedKind, readonly string[]>> = {
  access: ["access_token", "user_access_token", "tenant_access_token", "app_access_token"],
  refresh: ["refresh_token"],
};

/** A name in front of a value: `NAME=`, `export NAME=`, `$env:NAME =`, `"name": `. No token of Feishu's begins so. */
const PASTED_NAME = /^(?:export\s+|set\s+|\$env:)?(["']?)([A-Za-z_]\w{0,63})\1\s*[=:]\s*(?=[^=\s])/i;
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
/** Most layers that are removed, such as the three of `export NAME="Bearer …"`. */
const MAX_LAYERS = 6;

/**
 * The token in a text that a person pasted: without `Bearer`, quotes, a name in front of it, or the JSON answer or
 * block of variables around it. Any other text is only trimmed.
 *
 * It removes only what cannot be part of a token. It neither validates a token nor changes anything inside one.
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
    text.replace(BEARER, "").replace(PASTED_NAME, "").replace(/[,;]$/, "").trim();
}

/** The token in an object or list with quoted names, at any depth: an answer as JSON, or as Python prints it. */
function fieldOf(text: string, kind: PastedKind): string | undefined {
  if (!/^[{[]/.test(text)) return undefined;
  for (const name of FIELDS[kind]) {
    const values = text.matchAll(new RegExp(`(["'])${name}\\1\\s*:\\s*(["'])([^"'\\\\]+)\\2`, "g"));
    const [found, ...others] = new Set([...values].map(([, , , value]) => value));
    if (found !== undefined) return others.length === 0 ? found : undefined;
  }
  return undefined;
}

/** The line in a block of `NAME=value` lines whose name alone fits the token. */
function lineOf(text: string, kind: PastedKind): string | undefined {
  const lines = text.split(/[\r\n]+/).map((line) => line.trim()).filter((line) => line !== "");
  if (lines.length < 2) return undefined;
  const fitting = lines.filter((line) => {
    const name = PASTED_NAME.exec(line)?.[2]?.toLowerCase();
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
