import { ipAddress } from "../../net/address_range.ts";

/** Enough for dozens of proxies. A longer header was not written by proxies. */
const MOST_CHARACTERS = 4096;

/** What one proxy recorded about its client. */
export interface Hop {
  /** The client's canonical IP address; `undefined` where it is hidden or cannot be read. */
  readonly address: string | undefined;
  /** The scheme that the client used; `undefined` where the proxy did not record it. */
  readonly scheme: "http" | "https" | undefined;
}

/** An unknown client: the proxy that is connected stands for it. */
const UNREADABLE: readonly Hop[] = [{ address: undefined, scheme: undefined }];

/**
 * Reads `X-Forwarded-For` with `X-Forwarded-Proto`, or `Forwarded`. The entry of the nearest proxy comes first; in the
 * header it is the last one.
 *
 * A `Forwarded` that is malformed in any part counts as one hidden client. Proxies append to what the caller wrote: a
 * quote that the caller left open would swallow a proxy's entry, or make the caller's text look like one.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7239#section-4
 */
export function forwardedHops(headers: Headers, name: "x-forwarded-for" | "forwarded"): readonly Hop[] {
  const value = headers.get(name) ?? "";
  if (value.length > MOST_CHARACTERS) return UNREADABLE;
  if (name === "forwarded") return readForwarded(value);
  // Nearly always one scheme, of the nearest proxy. Where every proxy adds one, they go with the addresses.
  const schemes = items(headers.get("x-forwarded-proto") ?? "").map(readScheme);
  const [scheme] = schemes;
  if (value === "") {
    return scheme === undefined || headers.has("forwarded") ? [] : [{ address: undefined, scheme }];
  }
  return items(value).map((text, index) => ({
    address: readNode(text),
    scheme: schemes[Math.min(index, schemes.length - 1)],
  }));
}

/** A pair and its separator. It also reads addresses that lack the quotes they should have. */
const PAIR = /([!#$%&'*+.^_`|~\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([!#$%&'*+.^_`|~\w:[\]-]+))[ \t]*(?:$|([;,]))/y;
/** In front of a pair; a list may have blank entries. */
const BLANKS = /[ \t;,]*/y;

function readForwarded(header: string): readonly Hop[] {
  const hops: Hop[] = [];
  let parameters = new Map<string, string>();
  const end = (): void => {
    hops.unshift({
      address: readNode(parameters.get("for") ?? ""),
      scheme: readScheme(parameters.get("proto") ?? ""),
    });
    parameters = new Map();
  };
  let at = afterBlanks(header, 0);
  while (at < header.length) {
    PAIR.lastIndex = at;
    const [pair, name = "", quoted, bare = "", separator] = PAIR.exec(header) ?? [];
    // RFC 7239: a parameter occurs once in an element.
    if (pair === undefined || parameters.has(name.toLowerCase())) return UNREADABLE;
    parameters.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, "$1") ?? bare);
    const next = afterBlanks(header, at + pair.length);
    if (separator === "," || header.slice(at + pair.length, next).includes(",")) end();
    at = next;
  }
  if (parameters.size > 0) end();
  return hops;
}

function afterBlanks(header: string, at: number): number {
  BLANKS.lastIndex = at;
  return at + (BLANKS.exec(header)?.[0].length ?? 0);
}

/** The items of a list, the last first, without blank ones. Quotes have no meaning in these headers. */
function items(list: string): string[] {
  return list.split(",").map((item) => item.trim()).filter((item) => item !== "").reverse();
}

/** An address with or without port: `192.0.2.60`, `192.0.2.60:4711`, `2001:db8::1`, `[2001:db8::1]:4711`. */
function readNode(text: string): string | undefined {
  const bracketed = /^\[([^\]]*)\](?::\w+)?$/.exec(text)?.[1];
  if (bracketed !== undefined) return bracketed.includes(":") ? ipAddress(bracketed) : undefined;
  return ipAddress(/^([\d.]+)(?::\w+)?$/.exec(text)?.[1] ?? text);
}

function readScheme(text: string): Hop["scheme"] {
  const lower = text.toLowerCase();
  return lower === "http" || lower === "https" ? lower : undefined;
}
