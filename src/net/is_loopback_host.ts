const IPV4_LOOPBACK = /^127(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;

/**
 * Whether `host` can only mean this machine: `localhost`, an address of 127.0.0.0/8, or `::1` (with or without
 * brackets, or as an IPv4-mapped address). Names are compared whole, so `localhost.example.com` and
 * `127.0.0.1.nip.io` are not loopback.
 *
 * @param host A host name or address without port, in lower case.
 */
export function isLoopbackHost(host: string): boolean {
  const bare = host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
  if (bare === "::1") return true;
  const ipv4 = bare.startsWith("::ffff:") ? bare.slice("::ffff:".length) : bare;
  return host === "localhost" || IPV4_LOOPBACK.test(ipv4);
}
