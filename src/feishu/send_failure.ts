/** What a failed `fetch` allows to conclude. */
export interface SendFailure {
  /** False only when it is certain that no byte of the request left. */
  readonly sent: boolean;
  /** Short, for people: names the host, never a path, query, header or body. */
  readonly detail: string;
}

/**
 * Deno's mark (hyper's) of every failure up to and including the TLS handshake and a proxy's `CONNECT`, as measured on
 * Deno 2.9.6. There it stands in the message of the error's cause.
 */
const CONNECT_PHASE = /client error \(Connect\)(.*)/s;

/**
 * Reads what `fetch` threw for a request to `url`. Only known wordings are turned into text: the message itself holds
 * the full URL and may hold header values.
 */
export function readSendFailure(error: unknown, url: string): SendFailure {
  const { host } = new URL(url);
  const text = messages(error);
  if (error instanceof Error && error.name === "NotCapable") {
    return { sent: false, detail: `this process has no permission to reach ${host} (--allow-net)` };
  }
  if (/Requests to port \d+ are blocked/.test(text)) {
    return { sent: false, detail: `fetch never connects to the port of ${host}` };
  }
  const connect = CONNECT_PHASE.exec(text);
  if (connect !== null) return { sent: false, detail: connectDetail(connect[1] ?? "", url) };
  if (
    /connection closed before message completed|reset by peer|broken pipe|os error (10054|10053)/i.test(text)
  ) {
    return { sent: true, detail: `${host} closed the connection before answering` };
  }
  return { sent: true, detail: `the request to ${host} failed` };
}

function connectDetail(reason: string, url: string): string {
  const { host, hostname, port, protocol } = new URL(url);
  if (/dns error/.test(reason)) return `no address found for ${hostname}`;
  const certificate = /invalid peer certificate(?:: (\w+))?/.exec(reason);
  if (certificate !== null) {
    return `the certificate of ${host} is not trusted (${certificate[1] ?? "invalid"}); ` +
      "for a company's own certificate authority set DENO_CERT or DENO_TLS_CA_STORE=system";
  }
  if (/proxy authentication required/.test(reason)) {
    return "the proxy of HTTPS_PROXY asks for a user name and password";
  }
  if (/unsuccessful tunnel|proxy/.test(reason)) return `the proxy of HTTPS_PROXY does not connect to ${host}`;
  // Linux, macOS, Windows. With a proxy it is the proxy that refuses, and the error does not tell.
  if (/refused|os error (111|61|10061)\b/.test(reason)) {
    const withPort = `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;
    return `connection refused by ${withPort}, or by the proxy if HTTPS_PROXY or HTTP_PROXY names one`;
  }
  if (/no route|unreachable/i.test(reason)) return `no route to ${host}`;
  if (/tls|corrupt message|alert/i.test(reason)) return `the TLS handshake with ${host} failed`;
  return `connecting to ${host} failed`;
}

function messages(error: unknown): string {
  const found: string[] = [];
  // Bounded: nothing keeps a chain of causes from being a ring.
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    found.push(at.message);
  }
  return found.join("\n");
}
