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
  ],
  [
    "client error (Connect): tcp connect error: Connection refused (os error 111)",
    "connection refused by open.feishu.cn:443, or by the proxy if HTTPS_PROXY or HTTP_PROXY names one",
  ],
  [
    "client error (Connect): tcp connect error: Connection refused (os error 61)",
    "connection refused by open.feishu.cn:443, or by the proxy if HTTPS_PROXY or HTTP_PROXY names one",
  ],
  [
    "client error (Connect): tcp connect error: No connection could be made because the target machine actively refused it. (os error 10061)",
    "connection refused by open.feishu.cn:443, or by the proxy if HTTPS_PROXY or HTTP_PROXY names one",
  ],
  [
    "client error (Connect): invalid peer certificate: UnknownIssuer",
    "the certificate of open.feishu.cn is not trusted (UnknownIssuer); for a company's own certificate authority set DENO_CERT or DENO_TLS_CA_STORE=system",
  ],
  [
    "client error (Connect): proxy authentication required",
    "the proxy of HTTPS_PROXY asks for a user name and password",
  ],
  [
    "client error (Connect): unsuccessful tunnel",
    "the proxy of HTTPS_PROXY does not connect to open.feishu.cn",
  ],
  [
    "client error (Connect): tcp connect error: No route to host (os error 113)",
    "no route to open.feishu.cn",
  ],
  [
    "client error (Connect): tcp connect error: Network is unreachable (os error 101)",
    "no route to open.feishu.cn",
  ],
  ["client error (Connect): tls handshake eof", "the TLS handshake with open.feishu.cn failed"],
  [
    "client error (Connect): received corrupt message of type InvalidContentType",
    "the TLS handshake with open.feishu.cn failed",
  ],
  ["client error (Connect): planted", "connecting to open.feishu.cn failed"],
])("`readSendFailure()` knows that nothing was sent when fetch says %j", (reason, detail) => {
  assert.deepEqual(readSendFailure(fetchFailed(reason), URL_TEXT), { sent: false, detail });
});

Deno.test.each([
  [
    "client error (SendRequest): connection closed before message completed",
    "open.feishu.cn closed the connection before answering",
  ],
  [
    "client error (SendRequest): connection error: Connection reset by peer (os error 104)",
    "open.feishu.cn closed the connection before answering",
  ],
  ["client error (SendRequest): invalid HTTP version parsed", "the request to open.feishu.cn failed"],
  ["client error (Canceled): connection was not ready", "the request to open.feishu.cn failed"],
])("`readSendFailure()` takes the request for sent when fetch says %j", (reason, detail) => {
  assert.deepEqual(readSendFailure(fetchFailed(reason), URL_TEXT), { sent: true, detail });
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
    detail: "this process has no permission to reach open.feishu.cn (--allow-net)",
  });
});

Deno.test.each([["planted"], [undefined], [{ message: "client error (Connect)" }]])(
  "`readSendFailure()` concludes nothing when %j was thrown",
  (thrown) => {
    assert.deepEqual(readSendFailure(thrown, URL_TEXT), {
      sent: true,
      detail: "the request to open.feishu.cn failed",
    });
  },
);

Deno.test("`readSendFailure()` ends when the causes are a ring", () => {
  const error = new Error("a");
  error.cause = error;
  assert.equal(readSendFailure(error, URL_TEXT).sent, true);
});
