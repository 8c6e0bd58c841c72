/** What the pair in an answer comes to: read as it is, read out of the damage with a warning, or not to be had. */
export type Fate = "issued" | "salvaged" | "none";

/** One answer that a proxy, a fault or an enemy may give to a refresh. */
export interface HostileAnswer {
  readonly name: string;
  /** What is to become of it. */
  readonly fate: Fate;
  /** The whole HTTP response. */
  readonly bytes: Uint8Array;
}

/** The refresh token that all of these answer. */
export const PRESENTED = "eyJpresented.a.b";
/** What the answer's pair is, where there is one. */
export const PAIR = { accessToken: "eyJaccess.a.b", refreshToken: "eyJrefresh.c-d_e" } as const;
/** Stands where no log and no error may repeat it. */
export const CANARY = "CANARYsecret4711";

const FIELDS = {
  code: 0,
  access_token: PAIR.accessToken,
  expires_in: 7200,
  refresh_token: PAIR.refreshToken,
  refresh_token_expires_in: 604800,
  token_type: "Bearer",
  scope: "a b",
};

interface Head {
  readonly status?: string;
  readonly type?: string | null;
  readonly headers?: readonly string[];
  readonly version?: string;
  readonly hasLength?: boolean;
}

const ENCODER = new TextEncoder();

function http(
  body: string | Uint8Array,
  {
    status = "200 OK",
    type = "application/json; charset=utf-8",
    headers = [],
    version = "1.1",
    hasLength = true,
  }: Head = {},
): Uint8Array {
  const bytes = typeof body === "string" ? ENCODER.encode(body) : body;
  const head = [
    `HTTP/${version} ${status}`,
    ...(type === null ? [] : [`Content-Type: ${type}`]),
    ...headers,
    ...(hasLength ? [`Content-Length: ${bytes.length}`] : []),
    "Connection: close",
  ];
  return joined(ENCODER.encode(`${head.join("\r\n")}\r\n\r\n`), bytes);
}

function joined(...parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The pair's JSON with other fields; `undefined` leaves one out. */
function json(change: Record<string, unknown> = {}): string {
  return JSON.stringify({ ...FIELDS, ...change });
}

/** The pair's JSON with `raw` as the value of a field, whether that is JSON or not. */
function withRaw(field: string, raw: string): string {
  return json({ [field]: "@@" }).replace('"@@"', () => raw);
}

async function gzip(text: string): Promise<Uint8Array> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function utf16(text: string, isLittleEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < text.length; at++) view.setUint16(at * 2, text.charCodeAt(at), isLittleEndian);
  return bytes;
}

function chunked(body: string, end: string): Uint8Array {
  const chunks = body.match(/[^]{1,20}/g) ?? [];
  const text = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join("") + end;
  return joined(
    http("", { headers: ["Transfer-Encoding: chunked"], hasLength: false }),
    ENCODER.encode(text),
  );
}

/** `http(json())` with something else than its `Content-Length`. */
function withLength(change: (line: string) => string): Uint8Array {
  const text = new TextDecoder().decode(http(json()));
  return ENCODER.encode(text.replace(/Content-Length: \d+/, change));
}

const ANSWERS: HostileAnswer[] = [];

function answer(name: string, fate: Fate, bytes: Uint8Array): void {
  ANSWERS.push({ name, fate, bytes });
}

/** A body with status 200. */
function body(name: string, fate: Fate, text: string | Uint8Array): void {
  answer(name, fate, http(text));
}

const PADDING = "x".repeat(300_000);

// Not JSON, or not the JSON that belongs there, with a pair in it.
body("NaN before the pair", "salvaged", `{"x":NaN,${json().slice(1)}`);
body("NaN behind the pair", "salvaged", withRaw("scope", "NaN"));
body("NaN as a lifetime", "salvaged", withRaw("expires_in", "NaN"));
body("Infinity as a lifetime", "salvaged", withRaw("refresh_token_expires_in", "Infinity"));
body("undefined", "salvaged", withRaw("scope", "undefined"));
body("None, as Python writes it", "salvaged", withRaw("code", "None"));
body("True, as Python writes it", "salvaged", `{"ok":True,${json().slice(1)}`);
body("a number with zeros in front", "salvaged", `{"code":000,${json().slice(1)}`);
body("a trailing comma", "salvaged", `${json().slice(0, -1)},}`);
body("a comma too many in front", "salvaged", `{,${json().slice(1)}`);
body("a comma missing", "salvaged", json().replace(',"token_type"', ' "token_type"'));
body("a comment in front", "salvaged", `/* proxied */${json()}`);
body("a comment in the middle", "salvaged", json().replace(',"scope"', ' // note\n,"scope"'));
body("a key without quotes", "salvaged", json().replace('"code"', "code"));
body("a raw line break in a string", "salvaged", json({ scope: "a@@b" }).replace("@@", "\n"));
body("a raw tab in a string", "salvaged", json({ scope: "a@@b" }).replace("@@", "\t"));
body("a raw NUL in a string", "salvaged", json({ scope: "a@@b" }).replace("@@", "\0"));
body("a line break inside the token", "salvaged", json().replace("refresh.c", "refresh\r\n.c"));
body("a bad escape", "salvaged", json({ scope: "a@@b" }).replace("@@", "\\x"));
body("a quote that is not escaped", "salvaged", json({ scope: "a@@b" }).replace("@@", '"'));
body("an escaped slash", "salvaged", `{"x":NaN,"u":"https:\\/\\/x",${json().slice(1)}`);
body(")]}', in front", "salvaged", `)]}',\n${json()}`);
body("while(1); in front", "salvaged", `while(1);${json()}`);
body("JSONP", "salvaged", `cb(${json()})`);
body("JSONP with a comment", "salvaged", `/**/typeof cb === 'function' && cb(${json()});`);
body("an assignment", "salvaged", `var answer = ${json()};`);
body("a second byte order mark", "salvaged", `\ufeff\ufeff${json()}`);
body("server-sent events", "salvaged", `event: answer\ndata: ${json()}\n\n`);
body("multipart", "salvaged", `--b\r\ncontent-type: application/json\r\n\r\n${json()}\r\n--b--`);
body("a chunk's length left in the text", "salvaged", `f6\r\n${json()}\r\n0\r\n\r\n`);
body(
  "a warning of PHP in front",
  "salvaged",
  `<b>Warning</b>: Undefined index "x" on line 5<br />\n${json()}`,
);
body("an array around", "salvaged", `[${json()}]`);
body("an array around, cut behind the pair", "salvaged", `[${json()}`);
body("an array with other things", "salvaged", `[null,{"code":0},${json()},5]`);
body("data as an array", "salvaged", JSON.stringify({ code: 0, data: [FIELDS] }));
body("data as a string", "salvaged", JSON.stringify({ code: 0, data: json() }));
body("data as a string in a string", "salvaged", JSON.stringify({ data: JSON.stringify({ data: json() }) }));
body("data as a string, in JSON that is none", "salvaged", `{"x":NaN,"data":${JSON.stringify(json())}}`);
body("the whole body as a string", "salvaged", JSON.stringify(json()));
body("under another name than data", "salvaged", JSON.stringify({ code: 0, result: FIELDS }));
body("two levels down", "salvaged", JSON.stringify({ data: { token: FIELDS } }));
body("under the last of two equal names", "salvaged", `{"data":{},"token":${json()},"data":null}`);
body(
  "both tokens null further on",
  "salvaged",
  `${json().slice(0, -1)},"access_token":null,"refresh_token":null}`,
);
body("in a page", "salvaged", `<html><body><pre>${json()}</pre></body></html>`);
body("UTF-16, little endian", "salvaged", joined(new Uint8Array([0xff, 0xfe]), utf16(json(), true)));
body("UTF-16, big endian", "salvaged", joined(new Uint8Array([0xfe, 0xff]), utf16(json(), false)));
body("UTF-16 without a mark", "salvaged", utf16(json(), true));
body(
  "two pairs of which the last counts, in no JSON",
  "salvaged",
  `[${json({ access_token: "eyJold", refresh_token: "eyJolder" })},NaN,${json()}]`,
);
body(
  "the pair twice in one object, in no JSON",
  "salvaged",
  `{"access_token":"eyJold","refresh_token":"eyJolder","x":NaN,${json().slice(1)}`,
);
body(
  "an access token alone behind the pair",
  "salvaged",
  `[${json({ access_token: PAIR.accessToken })},{"id_token":"eyJid"}]`,
);
body(
  "the request's echo before the pair",
  "salvaged",
  `[{"grant_type":"refresh_token","refresh_token":"${PRESENTED}"},${json()}]`,
);
body(
  "the request's echo behind the pair",
  "salvaged",
  `[${json()},{"grant_type":"refresh_token","refresh_token":"${PRESENTED}"}]`,
);
body("the pair behind 300 kB, in no JSON", "salvaged", `{"pad":"${PADDING}","x":NaN,${json().slice(1)}`);
body("in no JSON, behind 300 kB of spaces", "salvaged", `${" ".repeat(300_000)}[${json()}]`);
answer("in no JSON, beside HTTP 502", "salvaged", http(`[${json()}]`, { status: "502 Bad Gateway" }));
answer(
  "in no JSON, beside HTTP 404",
  "salvaged",
  http(`<pre>${json()}</pre>`, { status: "404 Not Found", type: "text/html" }),
);
answer("in no JSON, in chunks without an end", "salvaged", chunked(`)]}'\n${json()}`, ""));

// No pair, whatever it looks like.
body(
  "an echo of the request",
  "none",
  `<html>bad request: {"grant_type":"refresh_token","client_secret":"${CANARY}","refresh_token":"${PRESENTED}"}</html>`,
);
body(
  "an echo of the request, with an access token",
  "none",
  `{"x":NaN,"access_token":"eyJother","refresh_token":"${PRESENTED}"}`,
);
body(
  "an echo of the request, twice over",
  "none",
  `{"x":NaN,"access_token":"${PRESENTED}","refresh_token":"${PRESENTED}"}`,
);
body(
  "an echo as a string",
  "none",
  JSON.stringify({ data: `{"access_token":"eyJother","refresh_token":"${PRESENTED}"}` }),
);
body("an echo of the request, cut", "none", `{"access_token":"eyJother","refresh_token":"${PRESENTED}"`);
body(
  "an echo of the request, with garbage behind it",
  "none",
  `{"access_token":"eyJother","refresh_token":"${PRESENTED}"}garbage`,
);
answer(
  "an echo of the request with HTTP 400, in JSON",
  "none",
  http(json({ code: 20064, refresh_token: PRESENTED }), { status: "400 Bad Request" }),
);
body("hidden tokens", "none", '{"x":NaN,"access_token":"***","refresh_token":"******"}');
body("tokens replaced by one word", "none", '[{"access_token":"REDACTED","refresh_token":"REDACTED"}]');
body(
  "tokens with their middle hidden",
  "none",
  '[{"access_token":"eyJh...abc","refresh_token":"eyJh...def"}]',
);
body("hidden tokens in brackets", "none", '[{"access_token":"<hidden>","refresh_token":"[hidden]"}]');
body("empty tokens", "none", '[{"access_token":"","refresh_token":""}]');
body("tokens that are no strings", "none", '[{"access_token":5,"refresh_token":{"a":1}}]');
body("single quotes", "none", json().replaceAll('"', "'"));
body("no quotes around the keys", "none", json().replaceAll(/"(\w+)":/g, "$1:"));
body("a form", "none", `access_token=${PAIR.accessToken}&refresh_token=${PAIR.refreshToken}`);
body("an access token alone, in no JSON", "none", `[${json({ refresh_token: undefined })}]`);
body("a refresh token alone, in no JSON", "none", `[${json({ access_token: undefined })}]`);
body(
  "cut inside the refresh token, in no JSON",
  "none",
  `[${json().slice(0, json().indexOf("refresh.c") + 5)}`,
);
body("a pair inside an error's text", "none", JSON.stringify({ msg: json() }));
body("a pair inside an error's text, cut", "none", JSON.stringify({ msg: json() }).slice(0, -1));
body("the pair behind 10 MB", "none", `{"pad":"${"x".repeat(10_000_000)}",${json().slice(1)}`);
body("an array", "none", "[]");
body("null", "none", "null");
body("a number", "none", "5");
body("a string", "none", '"x"');
body("an empty object", "none", "{}");
body("nothing", "none", "");
body("100,000 levels", "none", '{"a":'.repeat(100_000));
body("5,000 levels that close", "none", `${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`);
body("a prototype", "none", '{"__proto__":{"access_token":"eyJx"}}');
body("bytes that are no text", "none", new Uint8Array(300).map((_, at) => [0, 0xff, 0xfe][at % 3] ?? 0));
body("1 MiB of backslashes in a string", "none", `{"scope":"${"\\".repeat(1_000_000)}`);
body("100,000 keys without a value", "none", '"access_token":'.repeat(70_000));
body("100,000 strings that never end", "none", '"access_token":"\\'.repeat(60_000));
body("data in data in data", "none", '"data":"'.repeat(100_000));

answer(
  "a secret as its log id",
  "none",
  http('{"code":20064}', { status: "400 X", headers: [`X-Tt-Logid: ${CANARY}`] }),
);

// A pair where it belongs, beside anything.
body("as Feishu answers", "issued", json());
body("a byte order mark", "issued", `\ufeff${json()}`);
body("something behind it", "salvaged", `${json()}garbage`);
body("twice", "salvaged", json() + json());
body("inside data", "issued", JSON.stringify({ code: 0, data: FIELDS }));
body(
  "inside data, beside another access token",
  "issued",
  JSON.stringify({ access_token: "eyJother", data: FIELDS }),
);
body(
  "twice in one object",
  "issued",
  `{"access_token":"eyJother","refresh_token":"eyJothers",${json().slice(1)}`,
);
body(
  "bytes that are no UTF-8 in the scope",
  "issued",
  joined(
    ...json({ scope: "@@" }).split("@@").flatMap((part, at) =>
      at === 0 ? [ENCODER.encode(part)] : [new Uint8Array([0xff, 0xfe]), ENCODER.encode(part)]
    ),
  ),
);
body("10 MB behind it", "salvaged", `${json().slice(0, -1)},"pad":"${"x".repeat(10_000_000)}"}`);
body("300 kB before it", "issued", `{"pad":"${PADDING}",${json().slice(1)}`);
for (
  const value of [
    "-1",
    "1",
    "1".repeat(30),
    "1e400",
    '"7200"',
    '"abc"',
    "null",
    "{}",
    "true",
    "7199.99",
    "7200000",
    "1796052246",
  ]
) {
  body(`a lifetime of ${value}`, "issued", withRaw("expires_in", value));
  body(`a refresh token's lifetime of ${value}`, "issued", withRaw("refresh_token_expires_in", value));
}
for (const value of [{}, 1, "Bearer\r\nX: 1", "MAC", "", null]) {
  body(`the type ${JSON.stringify(value)}`, "issued", json({ token_type: value }));
  body(`the scope ${JSON.stringify(value)}`, "issued", json({ scope: value }));
}
for (
  const value of ['"0"', '"20064"', "20064.5", "-1", "true", "1e30", "null", "[20064]", "31337", "20064"]
) {
  body(`the code ${value}`, "issued", withRaw("code", value));
}
for (
  const status of [
    201,
    202,
    203,
    206,
    299,
    307,
    400,
    401,
    403,
    404,
    408,
    409,
    410,
    418,
    429,
    500,
    502,
    503,
    504,
    599,
  ]
) {
  answer(`HTTP ${status}`, "issued", http(json(), { status: `${status} X` }));
}
answer("as HTML", "issued", http(json(), { type: "text/html" }));
answer("without a type", "issued", http(json(), { type: null }));
answer("as GBK", "issued", http(json(), { type: "application/json; charset=gbk" }));
answer("a cookie", "issued", http(json(), { headers: ["Set-Cookie: evil=1; Path=/"] }));
answer("gzip", "issued", http(await gzip(json()), { headers: ["Content-Encoding: gzip"] }));
answer(
  "gzip, 300 kB before it",
  "issued",
  http(await gzip(`{"pad":"${PADDING}",${json().slice(1)}`), { headers: ["Content-Encoding: gzip"] }),
);
answer(
  "a gzip bomb behind it",
  "salvaged",
  http(await gzip(`${json().slice(0, -1)},"pad":"${"x".repeat(50_000_000)}`), {
    headers: ["Content-Encoding: gzip"],
  }),
);
answer("an encoding that nobody knows", "issued", http(json(), { headers: ["Content-Encoding: rot13"] }));
answer("HTTP/1.0", "issued", http(json(), { version: "1.0" }));
answer("HTTP/1.0 without a length", "issued", http(json(), { version: "1.0", hasLength: false }));
answer("without a length", "issued", http(json(), { hasLength: false }));
answer("chunks", "issued", chunked(json(), "0\r\n\r\n"));
answer("chunks without an end", "issued", chunked(json(), ""));
answer("chunks with a bad end", "issued", chunked(json(), "zz\r\n"));
answer("a length that is too long", "issued", withLength((line) => `${line}9`));
answer("a length beyond all", "issued", withLength(() => "Content-Length: 999999999999"));
answer(
  "90 headers",
  "issued",
  http(json(), { headers: Array.from({ length: 90 }, (_, at) => `X-${at}: y`) }),
);
answer(
  "early hints in front",
  "issued",
  joined(ENCODER.encode("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"), http(json())),
);
answer(
  "100 Continue in front",
  "issued",
  joined(ENCODER.encode("HTTP/1.1 100 Continue\r\n\r\n"), http(json())),
);
answer(
  "another response behind it",
  "issued",
  joined(http(json()), http(json({ access_token: "eyJother" }))),
);

// Lost on the way: this side cannot get at it.
answer("HTTP 204", "none", ENCODER.encode("HTTP/1.1 204 No\r\nConnection: close\r\n\r\n"));
answer("HTTP 205, whose body Deno's fetch throws away", "none", http(json(), { status: "205 X" }));
answer("chunks that are cut", "none", chunked(json().slice(0, 40), ""));
answer("gzip that is none", "none", http(json(), { headers: ["Content-Encoding: gzip"] }));
answer("a length that is too short", "none", withLength(() => "Content-Length: 2"));
answer("two lengths", "none", http(json(), { headers: ["Content-Length: 3"] }));
answer("a negative length", "none", withLength((line) => line.replace(": ", ": -")));
answer("a header's name with a blank", "none", http(json(), { headers: ["X Y: z"] }));
answer(
  "300 headers",
  "none",
  http(json(), { headers: Array.from({ length: 300 }, (_, at) => `X-${at}: y`) }),
);
answer("HTTP/0.9", "none", ENCODER.encode(json()));
answer(
  "another protocol",
  "none",
  ENCODER.encode(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n${json()}`),
);
for (const status of [301, 302, 303, 307, 308]) {
  answer(
    `a redirect with ${status}`,
    "none",
    http("", { status: `${status} X`, headers: ["Location: http://127.0.0.1:9/stolen"] }),
  );
}
for (const status of [200, 400, 401, 403, 404, 429, 500, 502, 503, 504]) {
  answer(
    `a page with ${status}`,
    "none",
    http(`<html>app_secret=${CANARY} nginx</html>`, { status: `${status} X`, type: "text/html" }),
  );
  answer(`nothing with ${status}`, "none", http("", { status: `${status} X` }));
}
for (
  const code of [
    '"0"',
    '"20064"',
    "20064.5",
    "-1",
    "true",
    "1e30",
    "null",
    "[20064]",
    "31337",
    "NaN",
    "20064",
  ]
) {
  const text =
    `{"code":${code},"msg":"secret ${CANARY}","error":"invalid_grant","error_description":"${CANARY}"}`;
  answer(
    `the code ${code} without a pair`,
    "none",
    http(text, { status: "400 X", headers: [`X-Tt-Logid: a b ${CANARY}`] }),
  );
}

for (const page of [`https://${CANARY}.test/`, `https://feishu.cn.${CANARY}.test/`, `javascript:${CANARY}`]) {
  const text = JSON.stringify({ code: 21000, challenge_url: page, data: { challenge_url: page } });
  answer(`a security check on ${page}`, "none", http(text, { status: "400 X" }));
}

/** Answers of a hostile or broken Feishu to a refresh that presented {@linkcode PRESENTED}. */
export const HOSTILE_ANSWERS: readonly HostileAnswer[] = ANSWERS;
