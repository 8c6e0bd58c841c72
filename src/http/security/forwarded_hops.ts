import { ipAddress } from "../../net/address_range.ts";

/** Room for dozens of proxies. A longer header is none that proxies wrote. */
const MOST_CHARACTERS = 4096;

/** What one proxy recorded about its client. */
export interface Hop {
  /** The client's canonical IP address; `undefined` where it is hidden or cannot be read. */
  readonly address: string | undefined;
  /** How it was called; `undefined` where that is not told. */
  readonly scheme: "http" | "https" | undefined;
}

/** Nothing is known of the client, so that the proxy that is connected stands for it. */
const UNREADABLE: readonly Hop[] = [{ address: undefined, scheme: undefined }];

/**
 * What the proxies wrote into `X-Forwarded-For` with `X-Forwarded-Proto`, or into `Forwarded`: the nearest proxy's entry
 * first, which is the last one of the header.
 *
 * `Forwarded` has to be right as a whole, and counts as one hidden client otherwise: proxies append to what the caller
 * wrote, and a quote that the caller left open would turn what the proxy wrote inside out.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7239#section-4
 */
export function forwardedHops(headers: Headers, name: "x-forwarded-for" | "forwarded"): readonly Hop[] {
  const value = headers.get(name) ?? "";
  if (value.length > MOST_CHARACTERS) return UNREADABLE;
  if (name === "forwarded") return readForwarded(value);
  // Nearly always one value, of the nearest proxy; where every proxy adds its own, both lists go hand in hand.
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

/** One pair and what stands behind it. Addresses without the quotes that they should have are read too. */
const PAIR = /([!#$%&'*+.^_`|~\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([!#$%&'*+.^_`|~\w:[\]-]+))[ \t]*(?:$|([;,]))/y;
/** Before a pair; a list may have blank entries. */
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

/** The items of a list, last first, blank ones left out. A quote means nothing in these headers. */
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
