import { type HttpCase, requestBytes } from "./http_case.ts";

const LIST = new TextEncoder().encode('{"jsonrpc":"2.0","id":1,"method":"tools/list"}');
/** Below and above what Deno's server takes as a head; it answers the longest itself, or closes the connection. */
const HUGE = [8_000, 60_000, 500_000];
const LONGEST_HEAD = 60_000;
/** More headers than Deno's server takes. */
const MANY = 2_000;

/**
 * Requests without the right key, for a server that needs one: none of them is answered with anything but 401.
 *
 * @param key the right one.
 * @param wrong makes up a planted key that is wrong.
 */
export function keyedCases(key: string, wrong: () => string): HttpCase[] {
  const values: readonly (readonly [string, string])[] = [
    ["a wrong key", `Bearer ${wrong()}`],
    ["a key that is one character too long", `Bearer ${key}x`],
    ["a key that is one character too short", `Bearer ${key.slice(0, -1)}`],
    ["a key in other capitals", `Bearer ${key.toUpperCase()}`],
    ["the name and the key", `Bearer alice=${key}`],
    ["two keys", `Bearer ${wrong()}, Bearer ${key}`],
    ["a key in quotes", `Bearer "${key}"`],
    ["a key with a blank in it", `Bearer ${key.slice(0, 9)} ${key.slice(9)}`],
    ["a key without a scheme", key],
    ["a key of another scheme", `Basic ${btoa(`alice:${key}`)}`],
    ["a scheme without a key", "Bearer"],
    ["bytes that are no ASCII", `Bearer ${wrong()}\xff\xe9`],
    ...HUGE.map((
      length,
    ): readonly [string, string] => [`a key of ${length} characters`, `Bearer ${"k".repeat(length)}`]),
  ];
  return [
    ask("no key", {}),
    ask("GET without a key", { method: "GET" }),
    ask("DELETE without a key", { method: "DELETE" }),
    ask("an unknown path without a key", { method: "GET", target: `/${wrong()}` }),
    ask("the key in the query", {
      target: `/mcp?key=${key}&access_token=${key}&Authorization=Bearer+${key}`,
    }),
    ask("the key in another header", {
      headers: [`X-Api-Key: ${key}`, `Proxy-Authorization: Bearer ${key}`],
    }),
    ask("a body that never comes", { headers: ["Content-Length: 100000"], body: new Uint8Array() }),
    ...values.map(([name, value]) => ask(name, { headers: [`Authorization: ${value}`] })),
    ask("the header twice", {
      headers: [`Authorization: Bearer ${wrong()}`, `Authorization: Bearer ${key}`],
    }),
    ask("very many headers", {
      headers: Array.from({ length: MANY }, () => `Authorization: Bearer ${wrong()}`),
    }),
  ];
}

interface KeyedRequest {
  readonly method?: string;
  readonly target?: string;
  readonly headers?: readonly string[];
  readonly body?: Uint8Array<ArrayBuffer>;
}

function ask(name: string, { method = "POST", target = "/mcp", headers = [], body }: KeyedRequest): HttpCase {
  const content = body ?? (method === "POST" ? LIST : new Uint8Array());
  const isAnnounced = headers.some((header) => header.startsWith("Content-Length"));
  const head = [
    `${method} ${target} HTTP/1.1`,
    "Host: 127.0.0.1",
    "Accept: application/json, text/event-stream",
    "Content-Type: application/json",
    ...headers,
    ...(method === "POST" && !isAnnounced ? [`Content-Length: ${content.length}`] : []),
    "\r\n",
  ].join("\r\n");
  const isParsable = head.length < LONGEST_HEAD && headers.length < MANY;
  return {
    name: `keys: ${name}`,
    method,
    bytes: requestBytes(head, content),
    delivery: "whole",
    isParsable,
    isSound: isParsable,
    ...(isParsable ? { statuses: [401] } : {}),
  };
}
