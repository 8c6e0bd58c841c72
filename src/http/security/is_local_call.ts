import { authorityName } from "../../net/authority_name.ts";
import { ipAddress } from "../../net/address_range.ts";
import { isLoopbackHost } from "../../net/is_loopback_host.ts";
import type { PeerInfo } from "./caller_address.ts";

/** The headers that proxies add. */
const PROXY_HEADER = /^(?:forwarded|via|x-real-ip|x-forwarded-.*)$/;
/** nginx sends it with HTTP/1.0, its default before 1.29.7. MCP clients keep connections or say nothing. */
const ONE_REQUEST = /(?:^|,)\s*close\s*(?:,|$)/i;

/**
 * Whether `request` comes from this machine itself: over a loopback connection, to a loopback name, and without a
 * proxy's headers. nginx with a bare `proxy_pass` sends a loopback name and no header of its own but
 * `Connection: close`, so that this counts as a proxy's too. A proxy on this machine that keeps its connections, calls a
 * loopback name and adds no header cannot be told apart: Deno does not tell the version of HTTP either.
 */
export function isLocalCall(
  { url, headers }: Pick<Request, "url" | "headers">,
  peer: PeerInfo | undefined,
): boolean {
  const remote = peer?.remoteAddr;
  if (remote === undefined || !("hostname" in remote)) return false;
  const address = ipAddress(remote.hostname);
  if (address === undefined || !isLoopbackHost(address)) return false;
  if (!isLoopbackHost(new URL(url).hostname)) return false;
  // The address in a request line overrides `Host` in the URL. HTTP/2 has no `Host`.
  const host = headers.get("host");
  if (host !== null && !isLoopbackHost(authorityName(host.toLowerCase()) ?? "")) return false;
  if (ONE_REQUEST.test(headers.get("connection") ?? "")) return false;
  return ![...headers.keys()].some((name) => PROXY_HEADER.test(name));
}
