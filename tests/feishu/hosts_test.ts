import assert from "node:assert/strict";
import { createHosts, readBaseUrl } from "../../src/feishu/hosts.ts";

Deno.test.each(
  [
    ["feishu", "open", "https://open.feishu.cn/x"],
    ["feishu", "accounts", "https://accounts.feishu.cn/x"],
    ["lark", "open", "https://open.larksuite.com/x"],
    ["lark", "accounts", "https://accounts.larksuite.com/x"],
  ] as const,
)("`createHosts()` knows the official host of %s, %s", (brand, side, expected) => {
  assert.equal(createHosts().address(brand, side, "/x"), expected);
});

Deno.test("`createHosts()` puts every brand and side on the base URL when one is configured", () => {
  const hosts = createHosts({ baseUrl: "https://gateway.example/feishu/" });
  assert.equal(hosts.address("feishu", "open", "/open-apis/a"), "https://gateway.example/feishu/open-apis/a");
  assert.equal(
    hosts.address("lark", "accounts", "/oauth/v3/token"),
    "https://gateway.example/feishu/oauth/v3/token",
  );
});

Deno.test.each(
  [
    ["https://open.feishu.cn", "https://open.feishu.cn", "feishu"],
    [" https://Open.Feishu.cn/ ", "https://open.feishu.cn", "feishu"],
    ["https://open.feishu.cn/open-apis", "https://open.feishu.cn", "feishu"],
    ["https://open.feishu.cn:443/open-apis/", "https://open.feishu.cn", "feishu"],
    ["https://accounts.feishu.cn", "https://accounts.feishu.cn", "feishu"],
    ["https://open.larksuite.com/open-apis/", "https://open.larksuite.com", "lark"],
    ["https://accounts.larksuite.com", "https://accounts.larksuite.com", "lark"],
  ] as const,
)("`readBaseUrl()` knows the official host %j, %s of %s", (text, url, brand) => {
  assert.deepEqual(readBaseUrl(text), { ok: true, url, brand });
});

Deno.test.each(
  [
    ["https://open.feishu.cn/open-apis/a", true],
    ["https://accounts.larksuite.com/oauth/v3/token", true],
    ["http://open.feishu.cn/open-apis/a", false],
    ["https://open.feishu.cn:8443/open-apis/a", false],
    ["https://open.feishu.cn.example/open-apis/a", false],
    ["https://open.feishu.cn@example.com/open-apis/a", false],
  ] as const,
)("`Hosts.allows()` of the official hosts says of %s: %s", (url, expected) => {
  assert.equal(createHosts().allows(url), expected);
});

Deno.test("`Hosts.allows()` refuses the official hosts when a base URL is configured", () => {
  const hosts = createHosts({ baseUrl: "http://127.0.0.1:8082" });
  assert.equal(hosts.allows("https://open.feishu.cn/open-apis/a"), false);
  assert.equal(hosts.allows("http://127.0.0.1:8082/open-apis/a"), true);
  assert.equal(hosts.allows("http://127.0.0.1:8083/open-apis/a"), false);
});

Deno.test("`createHosts()` throws when the base URL is not a valid one", () => {
  assert.throws(() => createHosts({ baseUrl: "ftp://127.0.0.1" }), TypeError);
});

Deno.test.each([
  ["https://gateway.example/open-apis", "https://gateway.example"],
  ["https://gateway.example/feishu/open-apis/", "https://gateway.example/feishu"],
  ["https://gateway.example/open-apis/feishu", "https://gateway.example/open-apis/feishu"],
  ["https://gateway.example/not-open-apis", "https://gateway.example/not-open-apis"],
  ["http://127.0.0.1:8082/open-apis", "http://127.0.0.1:8082"],
  ["https://open.feishu.cn.example", "https://open.feishu.cn.example"],
  ["https://open.feishu.cn:8443", "https://open.feishu.cn:8443"],
  ["https://gateway.example:8443/feishu//", "https://gateway.example:8443/feishu"],
  ["http://localhost:8082", "http://localhost:8082"],
  ["http://127.1:8082/", "http://127.0.0.1:8082"],
  ["http://[::1]:8082", "http://[::1]:8082"],
])("`readBaseUrl()` accepts %j as %s", (text, url) => {
  assert.deepEqual(readBaseUrl(text), { ok: true, url });
});

Deno.test.each(
  [
    ["open.feishu.cn", /not an absolute URL/],
    ["", /not an absolute URL/],
    ["ftp://open.feishu.cn", /must start with https/],
    ["https://me@open.feishu.cn", /user name or a password/],
    ["https://:planted@open.feishu.cn", /user name or a password/],
    ["https://open.feishu.cn/?a=1", /query or a fragment/],
    ["https://open.feishu.cn/?", /query or a fragment/],
    ["https://open.feishu.cn/#a", /query or a fragment/],
    ["http://open.feishu.cn", /app secret would cross the network unencrypted/],
    ["http://10.0.0.8", /app secret would cross the network unencrypted/],
    ["http://127.0.0.1.nip.io", /app secret would cross the network unencrypted/],
    ["http://localhost.example.com", /app secret would cross the network unencrypted/],
  ] as const,
)("`readBaseUrl()` refuses %j", (text, problem) => {
  const read = readBaseUrl(text);
  assert(!read.ok);
  assert.match(read.problem.en, problem);
  assert.doesNotMatch(JSON.stringify(read.problem), /planted|\."/);
});
