import type http2 from "node:http2";

/** One request over HTTP/2. */
export interface Http2Case {
  readonly name: string;
  /** Pseudo-headers and headers. */
  readonly headers: http2.OutgoingHttpHeaders;
  /** The only statuses that are right. */
  readonly statuses: readonly number[];
}

/** Names and addresses of no URL, or of somebody else's; Deno hands on each of them. */
const AUTHORITIES = ["127.0.0.1:99999", "127.0.0.1:80:80", "evil.example", "127.0.0.1.evil.example"];

/** Requests whose `:authority` is wrong. `secret` makes up a planted secret. */
export function http2Cases(secret: () => string): Http2Case[] {
  const path = (): string => `/mcp?app_id=cli_a1b2c3d4e5f6a7b8&app_secret=${secret()}`;
  const get = (authority: string, host?: string): http2.OutgoingHttpHeaders => ({
    ":method": "GET",
    ":path": path(),
    ":authority": authority,
    ...(host === undefined ? {} : { host }),
  });
  return [
    ...AUTHORITIES.map((authority) => ({
      name: `HTTP/2, :authority ${authority}`,
      headers: get(authority),
      statuses: [400, 403],
    })),
    {
      name: "HTTP/2, :authority of a stranger, Host of this machine",
      headers: get("evil.example", "127.0.0.1"),
      statuses: [400, 403],
    },
    {
      name: "HTTP/2, :authority of this machine, Host of a stranger",
      headers: get("127.0.0.1", "evil.example"),
      statuses: [400, 403],
    },
  ];
}
