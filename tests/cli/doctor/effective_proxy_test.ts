import assert from "node:assert/strict";
import { effectiveProxy } from "../../../src/cli/doctor/effective_proxy.ts";

const URL_TEXT = "https://open.feishu.cn/";

function env(values: Readonly<Record<string, string>>): (name: string) => string | undefined {
  return (name) => values[name];
}

Deno.test.each([
  [{ HTTPS_PROXY: "http://127.0.0.1:1" }, "HTTPS_PROXY http://127.0.0.1:1"],
  [{ https_proxy: "http://127.0.0.1:1" }, "https_proxy http://127.0.0.1:1"],
  [{ HTTPS_PROXY: "http://a:1", https_proxy: "http://b:2" }, "HTTPS_PROXY http://a:1"],
  [{ ALL_PROXY: "socks5://a:1", HTTPS_PROXY: "http://b:2" }, "ALL_PROXY socks5://a:1"],
  [{ HTTPS_PROXY: "127.0.0.1:7890" }, "HTTPS_PROXY http://127.0.0.1:7890"],
  [{ HTTPS_PROXY: "http://somebody:planted@proxy:8080/x" }, "HTTPS_PROXY http://proxy:8080"],
  [{ HTTPS_PROXY: "http://a:1", NO_PROXY: "example.com" }, "HTTPS_PROXY http://a:1"],
])("effectiveProxy() finds the proxy in %j", (values, expected) => {
  const proxy = effectiveProxy(URL_TEXT, env({ ...values }));
  assert.equal(`${proxy?.variable} ${proxy?.address}`, expected);
});

Deno.test.each([
  [{}],
  [{ HTTP_PROXY: "http://a:1" }],
  [{ HTTPS_PROXY: "" }],
  [{ HTTPS_PROXY: "http://a:1", NO_PROXY: "*" }],
  [{ HTTPS_PROXY: "http://a:1", NO_PROXY: "localhost, feishu.cn" }],
  [{ HTTPS_PROXY: "http://a:1", NO_PROXY: ".feishu.cn" }],
  [{ HTTPS_PROXY: "http://a:1", no_proxy: "open.feishu.cn" }],
])("effectiveProxy() finds none in %j", (values) => {
  assert.equal(effectiveProxy(URL_TEXT, env({ ...values })), undefined);
});
