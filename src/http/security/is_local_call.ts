import { ipAddress } from "../../net/address_range.ts";
import { isLoopbackHost } from "../../net/is_loopback_host.ts";
import type { PeerInfo } from "./caller_address.ts";

/** The headers that proxies add. */
const PROXY_HEADER = /^(?:forwarded|via|x-real-ip|x-forwarded-.*)$/;

/**
 * Whether `request` comes from this machine itself: over a loopback connection, to a loopback name, and without a
 * proxy's headers. A proxy on this machine that calls a loopback name without such headers also counts as local.
 */
export function isLocalCall({ url, headers }: Request, peer: PeerInfo | undefined): boolean {
  const remote = peer?.remoteAddr;
  if (remote === undefined || !("hostname" in remote)) return false;
  const address = ipAddress(remote.hostname);
  if (address === undefined || !isLoopbackHost(address)) return false;
  if (!isLoopbackHost(new URL(url).hostname)) return false;
  return ![...headers.keys()].some((name) => PROXY_HEADER.test(name));
}
