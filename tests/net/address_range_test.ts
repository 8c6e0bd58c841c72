import assert from "node:assert/strict";
import { ipAddress, readAddressRange } from "../../src/net/address_range.ts";

Deno.test.each([
  ["10.1.2.3", "10.1.2.3"],
  ["2001:DB8:0:0::1", "2001:db8::1"],
  ["[2001:db8::1]", "2001:db8::1"],
  ["fe80::1%eth0", "fe80::1"],
  ["::ffff:10.1.2.3", "10.1.2.3"],
  ["::ffff:a01:203", "10.1.2.3"],
  ["0:0:0:0:0:ffff:ffff:ffff", "255.255.255.255"],
])("ipAddress() writes %s as %s", (text, canonical) => {
  assert.equal(ipAddress(text), canonical);
});

Deno.test.each([
  "",
  "localhost",
  "10.1.2",
  "010.1.2.3",
  "10.1.2.256",
  "0x7f.1",
  "1",
  "::g",
  "[::1",
  "::1]:80",
  "::1/64",
])(
  "ipAddress() takes %j for no address",
  (text) => {
    assert.equal(ipAddress(text), undefined);
  },
);

Deno.test.each<[string, string, number]>([
  ["10.1.2.3", "10.1.2.3", 32],
  ["10.0.0.0/8", "10.0.0.0", 8],
  ["0.0.0.0/0", "0.0.0.0", 0],
  ["fd00::/8", "fd00::", 8],
  ["::1", "::1", 128],
  ["::ffff:10.0.0.0/104", "10.0.0.0", 8],
  ["::ffff:10.1.2.3", "10.1.2.3", 32],
])("readAddressRange() reads %s", (text, address, prefixBits) => {
  const family = address.includes(":") ? "ipv6" : "ipv4";
  assert.deepEqual(readAddressRange(text), { address, prefixBits, family });
});

Deno.test.each([
  "",
  "/8",
  "10.0.0.0/33",
  "10.0.0.0/-1",
  "10.0.0.0/8/8",
  "10.0.0.0/",
  "10.0.0.0/0x8",
  "fd00::/129",
  "::ffff:10.0.0.0/8",
  "[::1]",
  "fe80::1%eth0",
  "proxy.example.com",
  "10.0.0.*",
])("readAddressRange() refuses %j", (text) => {
  assert.equal(readAddressRange(text), undefined);
});
