import { ipAddress } from "../../net/address_range.ts";
import { isLoopbackHost } from "../../net/is_loopback_host.ts";
import type { PeerInfo } from "./caller_address.ts";

/** Written by proxies, whatever they are called by. */
const PROXY_HEADER = /^(?:forwarded|via|x-real-ip|x-forwarded-.*)$/;

/**
 * Whether `request` comes from a program of this machine itself: over a loopback connection, under a loopback name, and
 * without any header of a proxy. A proxy on this machine that writes none of these and asks under a loopback name cannot
 * be told from a program here.
 */
export function isLocalCall({ url, headers }: Request, peer: PeerInfo | undefined): boolean {
  const remote = peer?.remoteAddr;
  if (remote === undefined || !("hostname" in remote)) return false;
  const address = ipAddress(remote.hostname);
  if (address === undefined || !isLoopbackHost(address)) return false;
  if (!isLoopbackHost(new URL(url).hostname)) return false;
  return ![...headers.keys()].some((name) => PROXY_HEADER.test(name));
}
