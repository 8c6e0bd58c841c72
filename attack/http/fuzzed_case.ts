import type { Chance } from "../../harness/chance.ts";
import { fuzzedFraming } from "./fuzzed_framing.ts";
import { fuzzedHeaders } from "./fuzzed_headers.ts";
import { fuzzedTarget } from "./fuzzed_target.ts";
import type { Header } from "./header.ts";
import { httpBody } from "./http_body.ts";
import { type HttpCase, requestBytes } from "./http_case.ts";
import { oddHeaders } from "./odd_headers.ts";

const ODD_METHODS = ["PATCH", "TRACE", "CONNECT", "post", "FOO", "P\x00ST", "", "POST POST"];
const SOUND_METHODS = ["GET", "PUT", "DELETE", "OPTIONS", "HEAD"];
const ODD_HOSTS = [
  "localhost",
  "LOCALHOST:1",
  "[::1]",
  "127.0.0.1:99999",
  "[",
  "%zz",
  "a b",
  "127.0.0.1, x",
  "",
];
const ODD_VERSIONS = ["HTTP/1.0", "HTTP/2.0", "HTTP/0.9", "HTTP/1.2", "http/1.1", "", "HTTP/1.1 x"];

/** A request put together at random. `secret` makes up a planted secret. */
export function fuzzedCase(chance: Chance, secret: () => string): HttpCase {
  const maybe = (share: number): boolean => chance.fraction() < share;
  let isParsable = true;
  const odd = <T>(value: T): T => {
    isParsable = false;
    return value;
  };
  const method = maybe(0.75)
    ? "POST"
    : maybe(0.6)
    ? chance.pick(SOUND_METHODS)
    : odd(chance.pick(ODD_METHODS));
  const target = fuzzedTarget(chance, secret, odd);
  const plain = httpBody(chance, secret);
  const host = maybe(0.92) ? "127.0.0.1" : odd(chance.pick(ODD_HOSTS));
  const headers: Header[] = [["Host", host], ...fuzzedHeaders(chance, secret)];
  if (maybe(0.12)) headers.push(...odd(oddHeaders(chance)));
  const framed = fuzzedFraming(plain, chance, odd);
  const version = maybe(0.82) ? "HTTP/1.1" : odd(chance.pick(ODD_VERSIONS));
  const newline = maybe(0.98) ? "\r\n" : odd(chance.pick(["\n", "\r", "\r\n "]));
  if (framed.delivery !== "pipelined" && maybe(0.5)) {
    headers.push(["Connection", chance.pick(["close", "keep-alive", "close, keep-alive"])]);
  }
  const lines = [...headers, ...framed.headers].map(([name, value]) => `${name}: ${value}${newline}`);
  return {
    name: `${method} ${target.slice(0, 12)}…, ${framed.delivery}`,
    method,
    bytes: requestBytes(`${method} ${target} ${version}${newline}${lines.join("")}${newline}`, framed.body),
    delivery: framed.delivery,
    isSound: isParsable,
    isParsable: isParsable && (framed.delivery === "whole" || framed.delivery === "dripped"),
  };
}
