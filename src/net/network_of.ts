const GROUPS_OF_A_NETWORK = 4;
const GROUPS = 8;

/**
 * The network that an IP address is counted by: for IPv4 the address itself, for IPv6 its first 64 bits, since a
 * provider gives each customer at least that much.
 *
 * @param address in canonical form, an IPv4-mapped one as IPv4.
 */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.split("%")[0]?.split("::") ?? [];
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, GROUPS - before.length - after.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => "0"), ...after];
  return `${
    groups.slice(0, GROUPS_OF_A_NETWORK).map((group) => group.replace(/^0+(?=.)/, "")).join(":")
  }::/64`;
}
