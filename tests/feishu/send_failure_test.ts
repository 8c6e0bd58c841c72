import assert from "node:assert/strict";
import { readSendFailure } from "../../src/feishu/send_failure.ts";

const URL_TEXT = "https://open.feishu.cn/open-apis/planted?planted=1";

/** As Deno 2.9.6 throws it. */
function fetchFailed(reason: string): TypeError {
  return new TypeError("fetch failed", {
    cause: new Error(`error sending request for url (${URL_TEXT}): ${reason}`),
  });
}

Deno.test.each([
  [
    "client error (Connect): dns error: failed to lookup address information: Name or service not known",
    "no address found for open.feishu.cn",
    "无法解析 open.feishu.cn 的地址（DNS）",
  ],
  [
    "client error (Connect): tcp connect error: Connection refused (os error 111)",
    "connection refused by open.feishu.cn:443, or by the proxy if HTTPS_PROXY or HTTP_PROXY names one",
    "open.feishu.cn:443 拒绝连接；如设置了 HTTPS_PROXY 或 HTTP_PROXY，也可能是代理拒绝连接",
  ],
  [
    "client error (Connect): tcp connect error: Connection refused (os error 61)",
    "connection refused by open.feishu.cn:443, or by the proxy if HTTPS_PROXY or HTTP_PROXY names one",
    "open.feishu.cn:443 拒绝连接；如设置了 HTTPS_PROXY 或 HTTP_PROXY，也可能是代理拒绝连接",
  ],
  [
    "client error (Connect): tcp connect error: No connection could be made because the target machine actively refused it. (os error 10061)",
    "connection refused by open.feishu.cn:443, or by the proxy if HTTPS_PROXY or HTTP_PROXY names one",
    "open.feishu.cn:443 拒绝连接；如设置了 HTTPS_PROXY 或 HTTP_PROXY，也可能是代理拒绝连接",
  ],
  [
    "client error (Connect): invalid peer certificate: UnknownIssuer",
    "the certificate of open.feishu.cn is not trusted (UnknownIssuer); for a company's own certificate authority set DENO_CERT or DENO_TLS_CA_STORE=system",
    "open.feishu.cn 的证书不受信任（UnknownIssuer）；如使用公司自建的证书颁发机构，请设置 DENO_CERT 或 DENO_TLS_CA_STORE=system",
  ],
  [
    "client error (Connect): proxy authentication required",
    "the proxy of HTTPS_PROXY asks for a user name and password",
    "HTTPS_PROXY 指定的代理要求用户名和密码",
  ],
  [
    "client error (Connect): unsuccessful tunnel",
    "the proxy of HTTPS_PROXY does not connect to open.feishu.cn",
    "HTTPS_PROXY 指定的代理没有连接到 open.feishu.cn",
  ],
  [
    "client error (Connect): tcp connect error: No route to host (os error 113)",
    "no route to open.feishu.cn",
    "没有到 open.feishu.cn 的网络路由",
  ],
  [
    "client error (Connect): tcp connect error: Network is unreachable (os error 101)",
    "no route to open.feishu.cn",
    "没有到 open.feishu.cn 的网络路由",
  ],
  [
    "client error (Connect): tls handshake eof",
    "the TLS handshake with open.feishu.cn failed",
    "与 open.feishu.cn 的 TLS 握手失败",
  ],
  [
    "client error (Connect): received corrupt message of type InvalidContentType",
    "the TLS handshake with open.feishu.cn failed",
    "与 open.feishu.cn 的 TLS 握手失败",
  ],
  ["client error (Connect): planted", "connecting to open.feishu.cn failed", "连接 open.feishu.cn 失败"],
])("`readSendFailure()` knows that nothing was sent when fetch says %j", (reason, en, zh) => {
  assert.deepEqual(readSendFailure(fetchFailed(reason), URL_TEXT), { sent: false, detail: { en, zh } });
});

Deno.test.each([
  [
    "client error (SendRequest): connection closed before message completed",
    "open.feishu.cn closed the connection before answering",
    "open.feishu.cn 未响应就关闭了连接",
  ],
  [
    "client error (SendRequest): connection error: Connection reset by peer (os error 104)",
    "open.feishu.cn closed the connection before answering",
    "open.feishu.cn 未响应就关闭了连接",
  ],
  [
    "client error (SendRequest): invalid HTTP version parsed",
    "the request to open.feishu.cn failed",
    "对 open.feishu.cn 的请求失败",
  ],
  [
    "client error (Canceled): connection was not ready",
    "the request to open.feishu.cn failed",
    "对 open.feishu.cn 的请求失败",
  ],
])("`readSendFailure()` takes the request for sent when fetch says %j", (reason, en, zh) => {
  assert.deepEqual(readSendFailure(fetchFailed(reason), URL_TEXT), { sent: true, detail: { en, zh } });
});

Deno.test("`readSendFailure()` finds the reason when it stands in the error itself", () => {
  const error = new TypeError(
    `error sending request for url (${URL_TEXT}): client error (Connect): dns error: x`,
  );
  assert.equal(readSendFailure(error, URL_TEXT).sent, false);
});

Deno.test("`readSendFailure()` names the permission when Deno refuses access", () => {
  const error = Object.assign(new Error("Requires net access"), { name: "NotCapable" });
  assert.deepEqual(readSendFailure(error, URL_TEXT), {
    sent: false,
    detail: {
      en: "this process has no permission to reach open.feishu.cn (--allow-net)",
      zh: "本进程没有访问 open.feishu.cn 的权限（--allow-net）",
    },
  });
});

Deno.test.each([["planted"], [undefined], [{ message: "client error (Connect)" }]])(
  "`readSendFailure()` concludes nothing when %j was thrown",
  (thrown) => {
    assert.deepEqual(readSendFailure(thrown, URL_TEXT), {
      sent: true,
      detail: { en: "the request to open.feishu.cn failed", zh: "对 open.feishu.cn 的请求失败" },
    });
  },
);

Deno.test("`readSendFailure()` ends when the causes are a ring", () => {
  const error = new Error("a");
  error.cause = error;
  assert.equal(readSendFailure(error, URL_TEXT).sent, true);
});
