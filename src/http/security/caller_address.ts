import { type AddressRange, ipAddress } from "../../net/address_range.ts";
import { forwardedHops, type Hop } from "./forwarded_hops.ts";

/** The address of a request's caller, as far as this server can know it. */
export interface CallerAddress {
  /** IP address in canonical form, without port, brackets and zone; an IPv4-mapped one as IPv4. */
  readonly address: string;
  /** The scheme of the caller's own request, to this server or to the first proxy. */
  readonly scheme: "http" | "https";
}

/** The part of `Deno.ServeHandlerInfo` that holds the other end of the connection. */
export type PeerInfo = Pick<Deno.ServeHandlerInfo, "remoteAddr">;

/** Finds the caller of a request. Does not throw. */
export type CallerAddressReader = (request: Request, info: PeerInfo) => CallerAddress;

/**
 * Makes the function that finds the caller of a request: the other end of the connection, unless that is one of
 * `trustedProxies`. Then the forwarded headers count, read from the right (the nearest proxy) to the first address that
 * is not a trusted proxy. The caller itself may have written the entries to the left of that address.
 *
 * Where `X-Forwarded-For` and `Forwarded` name different addresses, neither counts: a proxy that writes only one of
 * them passes the other one on as the caller sent it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7239
 */
export async function createCallerAddress(
  trustedProxies: readonly AddressRange[],
): Promise<CallerAddressReader> {
  const direct = createDirect();
  if (trustedProxies.length === 0) return direct;
  const isTrusted = await createRangeCheck(trustedProxies);
  return (request, info) => {
    const peer = direct(request, info);
    if (!isTrusted(peer.address)) return peer;
    const { headers } = request;
    const viaXff = callerOf(peer, forwardedHops(headers, "x-forwarded-for"), isTrusted);
    const viaForwarded = callerOf(peer, forwardedHops(headers, "forwarded"), isTrusted);
    if (viaForwarded === undefined) return viaXff ?? peer;
    if (viaXff === undefined) return viaForwarded;
    return viaXff.address === viaForwarded.address ? viaXff : peer;
  };
}

/** Makes the reader of the connection alone. It remembers the last address, as most requests come from the same one. */
function createDirect(): CallerAddressReader {
  let last = "";
  let lastAddress = "";
  return ({ url }, { remoteAddr }) => {
    const address = "hostname" in remoteAddr ? remoteAddr.hostname : "";
    if (address !== last) {
      lastAddress = ipAddress(address) ?? address;
      last = address;
    }
    return { address: lastAddress, scheme: url.startsWith("https:") ? "https" : "http" };
  };
}

/** The caller according to `hops`, the nearest first, which begin at `peer`; `undefined` where there are none. */
function callerOf(
  peer: CallerAddress,
  hops: readonly Hop[],
  isTrusted: (address: string) => boolean,
): CallerAddress | undefined {
  if (hops.length === 0) return undefined;
  let last = peer;
  for (const { address, scheme } of hops) {
    // "unknown", a made-up name, or no address: the last proxy with an address stands for the caller.
    last = { address: address ?? last.address, scheme: scheme ?? last.scheme };
    if (address === undefined || !isTrusted(address)) break;
  }
  return last;
}

/** Loaded only where proxies are trusted: `node:net` takes 13 MB. */
async function createRangeCheck(ranges: readonly AddressRange[]): Promise<(address: string) => boolean> {
  const { BlockList } = await import("node:net");
  const list = new BlockList();
  for (const { address, prefixBits, family } of ranges) list.addSubnet(address, prefixBits, family);
  return (address) => list.check(address, address.includes(":") ? "ipv6" : "ipv4");
}
