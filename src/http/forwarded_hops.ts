import { ipAddress } from "../net/address_range.ts";

/** What stands further to the left is not looked at: room for dozens of proxies, and nothing that takes time to split. */
const READ_CHARACTERS = 2048;

/** What one proxy recorded about its client. */
export interface Hop {
  /** The client's canonical IP address; `undefined` where it is hidden or cannot be read. */
  readonly address: string | undefined;
  /** How it was called; `undefined` where that is not told. */
  readonly scheme: "http" | "https" | undefined;
}

/**
 * What the proxies wrote into `X-Forwarded-For` with `X-Forwarded-Proto`, or into `Forwarded`: the nearest proxy's entry
 * first, which is the last one of the header.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7239#section-4
 */
export function forwardedHops(headers: Headers, name: "x-forwarded-for" | "forwarded"): readonly Hop[] {
  const value = headers.get(name) ?? "";
  if (name === "forwarded") return split(value, ",").map(readElement);
  // Nearly always one value, of the nearest proxy; where every proxy adds its own, both lists go hand in hand.
  const schemes = split(headers.get("x-forwarded-proto") ?? "", ",").map(readScheme);
  const [scheme] = schemes;
  if (value === "") {
    return scheme === undefined || headers.has("forwarded") ? [] : [{ address: undefined, scheme }];
  }
  return split(value, ",").map((text, index) => ({
    address: readNode(text),
    scheme: schemes[Math.min(index, schemes.length - 1)],
  }));
}

function readElement(element: string): Hop {
  const parameters = new Map(
    split(element, ";").map((pair): [string, string] => {
      const [name = "", ...value] = pair.split("=");
      return [name.trim().toLowerCase(), unquoted(value.join("=").trim())];
    }),
  );
  return {
    address: readNode(parameters.get("for") ?? ""),
    scheme: readScheme(parameters.get("proto") ?? ""),
  };
}

/** The items between the separators that are not within quotes, last first, blank ones left out. */
function split(text: string, separator: "," | ";"): string[] {
  const pattern = separator === "," ? /(?:"(?:[^"\\]|\\.)*"|[^,"])+/g : /(?:"(?:[^"\\]|\\.)*"|[^;"])+/g;
  const items = text.slice(-READ_CHARACTERS).match(pattern) ?? [];
  return items.map((item) => item.trim()).filter((item) => item !== "").reverse();
}

function unquoted(text: string): string {
  return /^".*"$/.test(text) ? text.slice(1, -1).replace(/\\(.)/g, "$1") : text;
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
