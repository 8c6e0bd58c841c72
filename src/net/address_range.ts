const IPV4 = /^(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;
const IPV4_BITS = 32;
const IPV6_BITS = 128;
/** An IPv4 address as IPv6 carries it: `::ffff:0:0/96`. */
const MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;
const MAPPED_BITS = 96;

/** The IP addresses that begin with the same bits. */
export interface AddressRange {
  /** Any address of the range, in the form of {@linkcode ipAddress}. */
  readonly address: string;
  /** The number of leading bits that count: 0 to 32 for IPv4, 0 to 128 for IPv6. */
  readonly prefixBits: number;
  /** Of the address. */
  readonly family: "ipv4" | "ipv6";
}

/**
 * The IP address `text` in its canonical form: lower case, zeros compressed, no brackets, no zone. `undefined` where
 * it is no IP address. An IPv4-mapped IPv6 address becomes the IPv4 address: a socket of both families reports those.
 */
export function ipAddress(text: string): string | undefined {
  if (IPV4.test(text)) return text;
  if (!text.includes(":")) return undefined;
  const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  // The URL parser makes the canonical form. It refuses a zone, which is not part of the address.
  const canonical = URL.parse(`http://[${bare.split("%", 1)[0]}]`)?.hostname.slice(1, -1);
  const mapped = MAPPED.exec(canonical ?? "");
  if (mapped === null) return canonical;
  const [high, low] = [parseInt(mapped[1] ?? "", 16), parseInt(mapped[2] ?? "", 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/** Reads an address (`10.1.2.3`, `fd00::1`) or a CIDR block (`10.0.0.0/8`); `undefined` for anything else. */
export function readAddressRange(text: string): AddressRange | undefined {
  const [before = "", prefix, ...more] = text.split("/");
  const address = ipAddress(before);
  if (address === undefined || before.includes("%") || before.includes("[") || more.length > 0) {
    return undefined;
  }
  const isMapped = before.includes(":") && !address.includes(":");
  const family = address.includes(":") ? "ipv6" : "ipv4";
  const bits = family === "ipv6" ? IPV6_BITS : IPV4_BITS;
  if (prefix === undefined) return { address, prefixBits: bits, family };
  if (!/^\d{1,3}$/.test(prefix)) return undefined;
  const prefixBits = Number(prefix) - (isMapped ? MAPPED_BITS : 0);
  return prefixBits < 0 || prefixBits > bits ? undefined : { address, prefixBits, family };
}
