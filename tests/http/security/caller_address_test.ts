import assert from "node:assert/strict";
import { type CallerAddress, createCallerAddress } from "../../../src/http/security/caller_address.ts";
import { readAddressRange } from "../../../src/net/address_range.ts";

/** Who is found to call when `peer` connects with `headers` and `trusted` are trusted. */
async function found(
  trusted: string,
  peer: string,
  headers: Record<string, string> = {},
): Promise<CallerAddress> {
  const ranges = trusted.split(" ").map(readAddressRange).filter((range) => range !== undefined);
  const read = await createCallerAddress(ranges);
  const request = new Request("http://localhost/mcp", { headers });
  return read(request, { remoteAddr: { transport: "tcp", hostname: peer, port: 4711 } });
}

const FORGED = {
  "x-forwarded-for": "192.0.2.7",
  "x-forwarded-proto": "https",
  "forwarded": "for=192.0.2.7;proto=https",
};

Deno.test.each([
  ["", "10.0.0.1"],
  ["10.0.0.2", "10.0.0.1"],
  ["10.0.0.0/8", "11.0.0.1"],
  ["::1", "127.0.0.1"],
])("createCallerAddress() believes no header when %j are trusted and %s connects", async (trusted, peer) => {
  assert.deepEqual(await found(trusted, peer, FORGED), { address: peer, scheme: "http" });
});

Deno.test.each([
  ["10.0.0.1", "10.0.0.1"],
  ["10.0.0.0/8", "10.200.0.1"],
  ["10.0.0.0/8", "::ffff:10.200.0.1"],
  ["::ffff:10.0.0.0/104", "10.200.0.1"],
  ["fd00::/8", "fd12::1"],
  ["192.0.2.1 ::1", "::1"],
])(
  "createCallerAddress() believes the headers when %s are trusted and %s connects",
  async (trusted, peer) => {
    assert.deepEqual(await found(trusted, peer, FORGED), { address: "192.0.2.7", scheme: "https" });
  },
);

Deno.test.each<[string, Record<string, string>, string, string]>([
  ["the entry of the nearest proxy", { "x-forwarded-for": "6.6.6.6, 192.0.2.7" }, "192.0.2.7", "http"],
  [
    "past proxies that are trusted",
    { "x-forwarded-for": "6.6.6.6, 192.0.2.7, 10.0.0.2" },
    "192.0.2.7",
    "http",
  ],
  ["the outermost when all are trusted", { "x-forwarded-for": "10.0.0.3, 10.0.0.2" }, "10.0.0.3", "http"],
  ["an address with its port", { "x-forwarded-for": "192.0.2.7:4711" }, "192.0.2.7", "http"],
  ["an IPv6 address with its port", { "x-forwarded-for": "[2001:DB8::7]:4711" }, "2001:db8::7", "http"],
  ["an IPv4-mapped address", { "x-forwarded-for": "::ffff:192.0.2.7" }, "192.0.2.7", "http"],
  ["nobody who cannot be read", { "x-forwarded-for": "192.0.2.7, unknown" }, "10.0.0.1", "http"],
  [
    "nobody behind one who cannot be read",
    { "x-forwarded-for": "192.0.2.7, <x>, 10.0.0.2" },
    "10.0.0.2",
    "http",
  ],
  ["blank entries as none", { "x-forwarded-for": " , 192.0.2.7, " }, "192.0.2.7", "http"],
  ["the proxy for an empty header", { "x-forwarded-for": "" }, "10.0.0.1", "http"],
  [
    "the scheme of one proxy",
    { "x-forwarded-for": "192.0.2.7", "x-forwarded-proto": "HTTPS" },
    "192.0.2.7",
    "https",
  ],
  ["the scheme alone", { "x-forwarded-proto": "https" }, "10.0.0.1", "https"],
  [
    "the scheme beside the address",
    { "x-forwarded-for": "6.6.6.6, 192.0.2.7, 10.0.0.2", "x-forwarded-proto": "http, https, http" },
    "192.0.2.7",
    "https",
  ],
  [
    "no scheme that is none",
    { "x-forwarded-for": "192.0.2.7", "x-forwarded-proto": "javascript" },
    "192.0.2.7",
    "http",
  ],
  ["RFC 7239", { forwarded: "for=6.6.6.6, For=192.0.2.7;Proto=https;by=10.0.0.1" }, "192.0.2.7", "https"],
  [
    "RFC 7239's IPv6",
    { forwarded: 'for="[2001:db8:cafe::17]:4711";proto=https' },
    "2001:db8:cafe::17",
    "https",
  ],
  ["commas within quotes", { forwarded: 'for=192.0.2.7;ext="a,for=6.6.6.6;b"' }, "192.0.2.7", "http"],
  ["a hidden caller as the proxy", { forwarded: "for=_hidden;proto=https" }, "10.0.0.1", "https"],
  ["a quote that does not end", { forwarded: 'for="192.0.2.7' }, "10.0.0.1", "http"],
  [
    "both kinds where they agree",
    { "x-forwarded-for": "192.0.2.7", "x-forwarded-proto": "https", forwarded: "for=192.0.2.7" },
    "192.0.2.7",
    "https",
  ],
  [
    "neither kind where they differ",
    { "x-forwarded-for": "192.0.2.7", forwarded: "for=6.6.6.6;proto=https" },
    "10.0.0.1",
    "http",
  ],
])("createCallerAddress() reads %s", async (_case, headers, address, scheme) => {
  assert.deepEqual(await found("10.0.0.0/8", "10.0.0.1", headers), { address, scheme });
});

/** What the nearest proxy appends to what the caller wrote. */
const APPENDED = [
  'proto=http;for="[2001:db8::bad]:1"',
  'for="[2001:db8::bad]:1";proto=http',
  'for="[2001:db8::bad]";by="[2001:db8::1]";host="a"',
  "for=192.0.2.66;proto=http",
  'for=192.0.2.66;host="for=6.6.6.6;x=\\""',
  'for=192.0.2.66;host=";for=6.6.6.6;x="',
];
/** What a caller writes to be taken for 6.6.6.6. */
const WRITTEN = [
  'for=6.6.6.6;x="',
  'for=6.6.6.6;x="\\',
  'for=6.6.6.6;x="\\"',
  'for=6.6.6.6;x="a" "',
  "for=6.6.6.6;x='",
  'for=6.6.6.6,"',
  '"for=6.6.6.6',
  'for=6.6.6.6;for="',
  'for="6.6.6.6',
  "for=6.6.6.6",
  'for=6.6.6.6;x="a"',
  ";;for=6.6.6.6;",
];

Deno.test.each(
  WRITTEN.flatMap((written) => APPENDED.map((appended): [string] => [`${written}, ${appended}`])),
)(
  "createCallerAddress() never takes the left part of Forwarded for the caller: %s",
  async (forwarded) => {
    const headers = { forwarded, "x-forwarded-for": "6.6.6.6" };
    for (const each of [{ forwarded }, headers]) {
      const { address } = await found("10.0.0.0/8", "10.0.0.1", each);
      assert.ok(["10.0.0.1", "192.0.2.66", "2001:db8::bad"].includes(address), address);
    }
  },
);

Deno.test.each([['6.6.6.6, "'], ['"6.6.6.6'], ['6.6.6.6;x="'], ["6.6.6.6\\"]])(
  "createCallerAddress() takes the right part of X-Forwarded-For for the caller behind %s",
  async (written) => {
    const headers = { "x-forwarded-for": `${written}, 192.0.2.66` };
    assert.equal((await found("10.0.0.0/8", "10.0.0.1", headers)).address, "192.0.2.66");
  },
);

Deno.test.each([
  ["an unquoted IPv6 address", "for=[2001:db8::7]:4711", "2001:db8::7"],
  ["blanks behind separators", "for=6.6.6.6 , for=192.0.2.7; proto=http", "192.0.2.7"],
  ["blank entries", ", for=192.0.2.7;; ,", "192.0.2.7"],
])("createCallerAddress() reads %s in Forwarded", async (_case, forwarded, address) => {
  assert.equal((await found("10.0.0.0/8", "10.0.0.1", { forwarded })).address, address);
});

Deno.test("createCallerAddress() reads a header of quotes alone without effort", async () => {
  const forwarded = '"\\'.repeat(8000);
  assert.deepEqual(await found("10.0.0.0/8", "10.0.0.1", { forwarded }), {
    address: "10.0.0.1",
    scheme: "http",
  });
});
