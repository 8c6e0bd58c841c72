import { gzipSync } from "node:zlib";
import { chunkedAnswer, httpAnswer, type IssuedPair, joined, pairJson, replaced } from "./feishu_answer.ts";
import type { HostileCase } from "./hostile_case.ts";

const WITH_PAIR = [
  ...["201 Created", "202 Accepted", "203 N", "206 Partial", "299 X", "400 Bad", "401 U", "403 F", "404 N"],
  ...[
    "408 T",
    "409 C",
    "410 G",
    "418 T",
    "429 T",
    "500 E",
    "502 B",
    "503 U",
    "504 T",
    "599 X",
    "600 X",
    "999 X",
  ],
];
const REDIRECTS = ["301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent"];
const PAGES = ["200 OK", "403 Forbidden", "404 Not Found", "502 Bad", "503 Un", "504 GT"];
const EMPTY = ["200 OK", "400 B", "401 U", "403 F", "429 T", "500 E"];
const WAITS: readonly (readonly [string, string, string])[] = [
  ["negative", "Retry-After", "-5"],
  ["huge", "Retry-After", "9".repeat(30)],
  ["date", "Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT"],
  ["word", "Retry-After", "soon"],
  ["gateway", "x-ogw-ratelimit-reset", "1e9"],
  ["gateway_huge", "x-ogw-ratelimit-reset", "99999999999"],
  ["zero", "Retry-After", "0"],
];
const GZIP = [["Content-Encoding", "gzip"]] as const;
/** Decompresses to so many bytes. */
const BOMB_BYTES = 500_000_000;

/** Answers with wrong HTTP. */
export function oddHttp(): HostileCase[] {
  const encoder = new TextEncoder();
  const good = (pair: IssuedPair): Uint8Array<ArrayBuffer> => httpAnswer(pairJson(pair));
  const many = (count: number): [string, string][] =>
    Array.from({ length: count }, (_, index) => [`X-${index}`, "y"]);
  return [
    ...WITH_PAIR.map((status) => found(`status_${status}`, (pair) => httpAnswer(pairJson(pair), { status }))),
    // Deno's fetch gives no body with it.
    none("status_205", (pair) => httpAnswer(pairJson(pair), { status: "205 Reset" })),
    none("status_204", () => encoder.encode("HTTP/1.1 204 No\r\nConnection: close\r\n\r\n")),
    ...EMPTY.map((status) => none(`empty_${status}`, () => httpAnswer("", { status }))),
    ...PAGES.map((status) =>
      none(`page_${status}`, () => httpAnswer("<html>nginx</html>", { status, contentType: "text/html" }))
    ),
    ...REDIRECTS.map((status) => redirect(`redirect_${status}`, status, (thief) => thief)),
    redirect("redirect_to_file", "302 Found", () => "file:///etc/passwd"),
    redirect("redirect_to_itself", "307 Temporary", () => "/elsewhere"),
    {
      name: "redirect_with_pair",
      holdsPair: true,
      answer: (pair, thief) => [
        httpAnswer(pairJson(pair), { status: "307 Temporary", headers: [["Location", thief]] }),
      ],
    },
    found(
      "set_cookie",
      (pair) => httpAnswer(pairJson(pair), { headers: [["Set-Cookie", "evil=1; Path=/"]] }),
    ),
    found("gzip", (pair) => httpAnswer(zipped(pairJson(pair)), { headers: GZIP })),
    found("gzip_bomb_behind_pair", (pair) => httpAnswer(bomb(pairJson(pair)), { headers: GZIP })),
    none("gzip_corrupt", (pair) => {
      const body = zipped(pairJson(pair));
      body.fill(0x78, body.length - 12);
      return httpAnswer(body, { headers: GZIP });
    }),
    none("gzip_that_is_none", (pair) => httpAnswer(pairJson(pair), { headers: GZIP })),
    found(
      "encoding_unknown",
      (pair) => httpAnswer(pairJson(pair), { headers: [["Content-Encoding", "rot13"]] }),
    ),
    found("http_1_0", (pair) => httpAnswer(pairJson(pair), { version: "HTTP/1.0" })),
    found(
      "http_1_0_no_length",
      (pair) => httpAnswer(pairJson(pair), { version: "HTTP/1.0", hasLength: false }),
    ),
    slow("http_0_9", (pair) => encoder.encode(pairJson(pair))),
    found("no_length", (pair) => httpAnswer(pairJson(pair), { hasLength: false })),
    found("type_html", (pair) => httpAnswer(pairJson(pair), { contentType: "text/html" })),
    found("type_missing", (pair) => httpAnswer(pairJson(pair), { contentType: null })),
    found("type_gbk", (pair) => httpAnswer(pairJson(pair), { contentType: "application/json; charset=gbk" })),
    ...WAITS.map(([name, header, value]) =>
      none(
        `wait_${name}`,
        () => httpAnswer('{"code":99991400}', { status: "429 T", headers: [[header, value]] }),
      )
    ),
    none(
      "log_id_odd",
      () => httpAnswer('{"code":20064}', { status: "400 B", headers: [["X-Tt-Logid", "a b;<script>"]] }),
    ),
    found("headers_90", (pair) => httpAnswer(pairJson(pair), { headers: many(90) })),
    // Deno's fetch refuses these.
    none("headers_10000", (pair) => httpAnswer(pairJson(pair), { headers: many(10_000) })),
    slow(
      "header_1_mb",
      (pair) => httpAnswer(pairJson(pair), { headers: [["X-Long", "z".repeat(1_000_000)]] }),
    ),
    slow("header_name_broken", (pair) => httpAnswer(pairJson(pair), { headers: [["X Y", "z"]] })),
    none("length_short", (pair) => replaced(good(pair), "Content-Length: ", "Content-Length: 2\r\nX-Was: ")),
    found("length_long", (pair) => replaced(good(pair), "Content-Length: ", "Content-Length: 9")),
    found("length_huge", (pair) => replaced(good(pair), "Content-Length: ", "Content-Length: 9999999999")),
    slow("length_twice", (pair) => replaced(good(pair), "Connection", "Content-Length: 3\r\nConnection")),
    slow("length_negative", (pair) => replaced(good(pair), "Content-Length: ", "Content-Length: -")),
    found("chunked", (pair) => chunkedAnswer(pairJson(pair), "0\r\n\r\n")),
    found("chunked_no_end", (pair) => chunkedAnswer(pairJson(pair), "")),
    found("chunked_broken_end", (pair) => chunkedAnswer(pairJson(pair), "zz\r\n")),
    none("chunked_cut", (pair) => chunkedAnswer(pairJson(pair).slice(0, 60), "")),
    found(
      "early_hints",
      (pair) => joined(encoder.encode("HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"), good(pair)),
    ),
    found("continue", (pair) => joined(encoder.encode("HTTP/1.1 100 Continue\r\n\r\n"), good(pair))),
    none("switching_protocols", (pair) =>
      encoder.encode(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n${pairJson(pair)}`,
      )),
    found("two_answers", (pair) => joined(good(pair), good(pair))),
  ];
}

type Answer = (pair: IssuedPair) => Uint8Array<ArrayBuffer>;

function found(name: string, answer: Answer): HostileCase {
  return { name, holdsPair: true, answer: (pair) => [answer(pair)] };
}

function none(name: string, answer: Answer): HostileCase {
  return { name, holdsPair: false, answer: (pair) => [answer(pair)] };
}

/** The HTTP client takes it for a broken connection, so the outcome is unknown, and the lease is waited out. */
function slow(name: string, answer: Answer): HostileCase {
  return { ...none(name, answer), isSlow: true };
}

function redirect(name: string, status: string, to: (thief: string) => string): HostileCase {
  return {
    name,
    holdsPair: false,
    answer: (_pair, thief) => [httpAnswer("", { status, headers: [["Location", to(thief)]] })],
  };
}

function zipped(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gzipSync(text));
}

function bomb(json: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gzipSync(json.slice(0, -1) + `,"pad":"` + "x".repeat(BOMB_BYTES)));
}
