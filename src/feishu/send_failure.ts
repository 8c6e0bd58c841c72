import type { Phrase } from "../errors/language.ts";

/** What follows from a failed `fetch`. */
export interface SendFailure {
  /** `false` only where it is certain that no byte of the request was sent. */
  readonly sent: boolean;
  /** Names the host, never a path, query, header or body. */
  readonly detail: Phrase;
}

/**
 * In hyper's words, every failure up to and including the TLS handshake and a proxy's `CONNECT`. In Deno 2.9.6, as
 * measured, they are in the message of the error's cause.
 */
const CONNECT_PHASE = /client error \(Connect\)(.*)/s;

/**
 * Reads the error of `fetch` for a request to `url`. The detail is worded here, since the error's message holds the
 * full URL and may hold header values.
 */
export function readSendFailure(error: unknown, url: string): SendFailure {
  const { host } = new URL(url);
  const text = messages(error);
  if (error instanceof Error && error.name === "NotCapable") {
    return unsent(
      `this process has no permission to reach ${host} (--allow-net)`,
      `本进程没有访问 ${host} 的权限（--allow-net）`,
    );
  }
  if (/Requests to port \d+ are blocked/.test(text)) {
    return unsent(`fetch never connects to the port of ${host}`, `fetch 不允许连接 ${host} 的端口`);
  }
  const connect = CONNECT_PHASE.exec(text);
  if (connect !== null) return connectFailure(connect[1] ?? "", url);
  if (
    /connection closed before message completed|reset by peer|broken pipe|os error (10054|10053)/i.test(text)
  ) {
    return sent(`${host} closed the connection before answering`, `${host} 未响应就关闭了连接`);
  }
  return sent(`the request to ${host} failed`, `对 ${host} 的请求失败`);
}

function connectFailure(reason: string, url: string): SendFailure {
  const { host, hostname, port, protocol } = new URL(url);
  if (/dns error/.test(reason)) {
    return unsent(`no address found for ${hostname}`, `无法解析 ${hostname} 的地址（DNS）`);
  }
  const certificate = /invalid peer certificate(?:: (\w+))?/.exec(reason);
  if (certificate !== null) {
    const fault = certificate[1] ?? "invalid";
    return unsent(
      `the certificate of ${host} is not trusted (${fault}); ` +
        "for a company's own certificate authority set DENO_CERT or DENO_TLS_CA_STORE=system",
      `${host} 的证书不受信任（${fault}）；如使用公司自建的证书颁发机构，请设置 DENO_CERT 或 DENO_TLS_CA_STORE=system`,
    );
  }
  if (/proxy authentication required/.test(reason)) {
    return unsent(
      "the proxy of HTTPS_PROXY asks for a user name and password",
      "HTTPS_PROXY 指定的代理要求用户名和密码",
    );
  }
  if (/unsuccessful tunnel|proxy/.test(reason)) {
    return unsent(
      `the proxy of HTTPS_PROXY does not connect to ${host}`,
      `HTTPS_PROXY 指定的代理没有连接到 ${host}`,
    );
  }
  // Linux, macOS, Windows. Where a proxy is used it refuses the connection, and the error does not say so.
  if (/refused|os error (111|61|10061)\b/.test(reason)) {
    const withPort = `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;
    return unsent(
      `connection refused by ${withPort}, or by the proxy if HTTPS_PROXY or HTTP_PROXY names one`,
      `${withPort} 拒绝连接；如设置了 HTTPS_PROXY 或 HTTP_PROXY，也可能是代理拒绝连接`,
    );
  }
  if (/no route|unreachable/i.test(reason)) return unsent(`no route to ${host}`, `没有到 ${host} 的网络路由`);
  if (/tls|corrupt message|alert/i.test(reason)) {
    return unsent(`the TLS handshake with ${host} failed`, `与 ${host} 的 TLS 握手失败`);
  }
  return unsent(`connecting to ${host} failed`, `连接 ${host} 失败`);
}

function unsent(en: string, zh: string): SendFailure {
  return { sent: false, detail: { en, zh } };
}

function sent(en: string, zh: string): SendFailure {
  return { sent: true, detail: { en, zh } };
}

function messages(error: unknown): string {
  const found: string[] = [];
  // Bounded, since a chain of causes may be a ring.
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    found.push(at.message);
  }
  return found.join("\n");
}
