import { type HttpCase, requestBytes } from "./http_case.ts";
import { looseUtf8 } from "./loose_utf8.ts";

const LIST = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}';
/** Names and addresses of no URL, and of somebody else's. */
const HOSTS = [
  "127.0.0.1:99999",
  "[fe80::1%25eth0]:8081",
  "127.0.0.1, evil.example",
  "[",
  "%zz",
  "a b",
  "127.0.0.1@evil.example",
  "127.0.0.1:port",
  "127.0.0.1:80:80",
  "[::1",
  "::1",
  "xn--a",
  "evil.example",
  "127.0.0.1.evil.example",
  "\x9b31mevil",
  "",
];
/** Addresses in absolute form whose host is not that of the `Host` header. */
const ABSOLUTE = [
  "http://x:99999/mcp",
  "http://evil.example/mcp",
  "http://evil.example:80/mcp",
  "http://[/mcp",
  "http://127.0.0.1@evil.example/mcp",
];
/** Ways to write a secret into the path of the endpoint by mistake. */
const MISTYPED = [
  (secret: string): string => `/mcp&app_secret=${secret}`,
  (secret: string): string => `/mcp%3Fapp_secret=${secret}`,
  (secret: string): string => `/mcp/${secret}`,
  (secret: string): string => `/${secret}`,
  (secret: string): string => `/mcp;app_secret=${secret}`,
  (secret: string): string => `//${secret}/mcp`,
  (secret: string): string => `/healthz/${secret}`,
];
const APP_SECRET = (secret: string): string => `app_id=cli_a1b2c3d4e5f6a7b8&app_secret=${secret}`;

/**
 * Requests of which each was once answered badly, or is of the same kind. All can be parsed as HTTP.
 *
 * @param secret makes up a planted secret.
 */
export function knownCases(secret: () => string): HttpCase[] {
  return [
    ...HOSTS.flatMap((host) => {
      const isForeign = ["evil.example", "127.0.0.1.evil.example"].includes(host);
      // A name that makes a URL is refused by the guard; the rest is no request that can be understood.
      const statuses = isForeign ? [403] : [400, 403];
      return [
        post(`Host: ${host}`, `/mcp?${APP_SECRET(secret())}`, { host, statuses }),
        get(`GET, Host: ${host}`, `/?${APP_SECRET(secret())}`, { host, statuses }),
      ];
    }),
    ...ABSOLUTE.map((target) =>
      get(`absolute form ${target}`, `${target}?${APP_SECRET(secret())}`, { statuses: [400, 403] })
    ),
    ...MISTYPED.map((path) => post(`mistyped ${path("…")}`, path(secret()), { statuses: [403, 404] })),
    post("App ID and secret exchanged", "/mcp", {
      headers: [`X-Feishu-App-Id: ${secret()}`, "X-Feishu-App-Secret: cli_a1b2c3d4e5f6a7b8"],
      body: CALL,
      statuses: [200],
    }),
    post(
      "App ID and secret exchanged in the query",
      `/mcp?app_id=${secret()}&app_secret=cli_a1b2c3d4e5f6a7b8`,
      {
        body: CALL,
        statuses: [200, 422],
      },
    ),
    post("secret as Authorization", "/mcp", {
      headers: [`Authorization: Bearer ${secret()}`],
      statuses: [200],
    }),
    post("secret as session id", "/mcp", { headers: [`Mcp-Session-Id: ${secret()}`] }),
    post("secret as protocol version", "/mcp", { headers: [`MCP-Protocol-Version: ${secret()}`] }),
    post("secret as brand", "/mcp", {
      headers: [
        "X-Feishu-App-Id: cli_a1b2",
        `X-Feishu-App-Secret: ${secret()}`,
        `X-Feishu-Brand: ${secret()}`,
      ],
      body: CALL,
    }),
    post("secret as config", `/mcp?config=${secret()}`, { body: CALL }),
    post("secret as method", "/mcp", { body: `{"jsonrpc":"2.0","id":1,"method":"${secret()}"}` }),
    post("secret as tool", "/mcp", { body: CALL.replace("get_feishu_app_token", secret()) }),
    post("secret as argument name", "/mcp", { body: CALL.replace("{}", `{"${secret()}":1}`) }),
    post("secret in broken JSON", "/mcp", { body: `{"app_secret":"${secret()}"` }),
    post("secret alone", "/mcp", { body: `"${secret()}"` }),
    post("method GET with a body", "/mcp", { method: "GET", statuses: [405] }),
    post("a method of somebody's own", "/mcp", { method: "FOO" }),
    post("2,000 objects in _meta", "/mcp", {
      body: CALL.replace(
        "{}",
        `{},"_meta":{${Array.from({ length: 2_000 }, (_, n) => `"k${n}":{}`).join()}}`,
      ),
    }),
    post("a body of 200 KiB", "/mcp", { body: `"${"a".repeat(200 * 2 ** 10)}"`, statuses: [413] }),
    post("a body of 2 MiB", "/mcp", { body: `"${"a".repeat(2 ** 21)}"`, statuses: [413] }),
    post("origin of a stranger", "/mcp", { headers: ["Origin: http://evil.example"], statuses: [403] }),
    post("origin that is nearly loopback", "/mcp", {
      headers: ["Origin: http://localhost@evil.example"],
      statuses: [403],
    }),
  ];
}

const CALL = '{"jsonrpc":"2.0","id":1,"method":"tools/call",' +
  '"params":{"name":"get_feishu_app_token","arguments":{}}}';

interface Details {
  readonly method?: string;
  readonly host?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
  readonly statuses?: readonly number[];
}

function get(name: string, target: string, details: Details): HttpCase {
  return post(name, target, { method: "GET", body: "", ...details });
}

function post(name: string, target: string, details: Details): HttpCase {
  const { method = "POST", host = "127.0.0.1", headers = [], body = LIST, statuses } = details;
  const bytes = looseUtf8(body);
  const head = [
    `${method} ${target} HTTP/1.1`,
    `Host: ${host}`,
    "Accept: application/json, text/event-stream",
    "Content-Type: application/json",
    ...headers,
    ...(body === "" ? [] : [`Content-Length: ${bytes.length}`]),
    "\r\n",
  ].join("\r\n");
  return {
    name,
    method,
    bytes: requestBytes(head, bytes),
    delivery: "whole",
    isParsable: true,
    isSound: true,
    ...(statuses === undefined ? {} : { statuses }),
  };
}
