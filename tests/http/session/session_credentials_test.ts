import assert from "node:assert/strict";
import { TokenError } from "../../../src/errors/token_error.ts";
import { InvalidSession } from "../../../src/http/session/invalid_session.ts";
import { createSessionSource } from "./session_source.ts";
import type { CredentialSource } from "../../../src/ports/credential_source.ts";
import type { Log } from "../../../src/ports/log.ts";
import type { AppCredentials } from "../../../src/ports/feishu.ts";
import { TEST_CREDENTIALS } from "../../mcp/memory_token_service.ts";
import { RecordingLog } from "../../support/recording_log.ts";
import { inEnglish } from "../../support/in_english.ts";

const HEADERS = { "x-feishu-app-id": "cli_header", "x-feishu-app-secret": "planted-header" };
const QUERY = { app_id: "cli_query", app_secret: "planted-query" };

interface Sent {
  readonly headers?: Readonly<Record<string, string>> | readonly (readonly [string, string])[];
  readonly query?: Readonly<Record<string, string>> | string;
}

function requestOf({ headers = {}, query = {} }: Sent): Request {
  const search = typeof query === "string" ? query : new URLSearchParams(query).toString();
  const init = new Headers();
  const pairs = Array.isArray(headers) ? headers : Object.entries(headers);
  for (const [name, value] of pairs) init.append(name, value);
  return new Request(`http://localhost/mcp${search === "" ? "" : `?${search}`}`, { headers: init });
}

type SourceReader = (request: Request, log: Log) => CredentialSource;

function reader(allowsQuerySecrets = true): SourceReader {
  return createSessionSource({ allowsQuerySecrets });
}

function read(sent: Sent, log = new RecordingLog()): AppCredentials {
  return reader()(requestOf(sent), log)();
}

/** Brand, id and secret. */
function shown({ brand, appId, appSecret }: AppCredentials): readonly string[] {
  return [brand, appId, appSecret.reveal()];
}

function refusal(sent: Sent, credentials = reader()): InvalidSession {
  try {
    credentials(requestOf(sent), new RecordingLog());
  } catch (error) {
    if (error instanceof InvalidSession) return error;
    throw error;
  }
  throw new assert.AssertionError({ message: "Nothing was refused" });
}

/** For the real Feishu, which is asked for nothing that cannot be an app of its own. */
function strictReader(): SourceReader {
  return createSessionSource({ refusesMalformed: true });
}

function failure(sent: Sent, credentials = reader()): TokenError {
  const source = credentials(requestOf(sent), new RecordingLog());
  try {
    source();
  } catch (error) {
    if (error instanceof TokenError) return error;
    throw error;
  }
  throw new assert.AssertionError({ message: "The source has not failed" });
}

function config(value: unknown): string {
  return new TextEncoder().encode(JSON.stringify(value)).toBase64();
}

Deno.test.each<[string, Sent, readonly string[]]>([
  ["headers", { headers: HEADERS }, ["feishu", "cli_header", "planted-header"]],
  ["headers with a brand", { headers: { ...HEADERS, "x-feishu-brand": "lark" } }, [
    "lark",
    "cli_header",
    "planted-header",
  ]],
  ["the query", { query: { ...QUERY, brand: "LARK" } }, ["lark", "cli_query", "planted-query"]],
  ["the query in camel case", { query: { appId: "cli_q", appSecret: "planted" } }, [
    "feishu",
    "cli_q",
    "planted",
  ]],
  ["config", {
    query: { config: config({ app_id: "cli_c", app_secret: "planted", brand: "lark", debug: true }) },
  }, [
    "lark",
    "cli_c",
    "planted",
  ]],
  ["config in camel case", { query: { config: config({ appId: "cli_c", appSecret: "planted" }) } }, [
    "feishu",
    "cli_c",
    "planted",
  ]],
  ["config with the names of variables", {
    query: {
      config: config({ FEISHU_APP_ID: "cli_c", FEISHU_APP_SECRET: "planted", FEISHU_BRAND: "lark" }),
    },
  }, ["lark", "cli_c", "planted"]],
  ["dot notation", {
    query: { "config.app_id": "cli_d", "config.app_secret": "planted", "config.brand": "lark" },
  }, ["lark", "cli_d", "planted"]],
  ["dot notation with another prefix and quotes", {
    query: { "feishu.appId": '"cli_d"', "feishu.appSecret": '"planted"' },
  }, ["feishu", "cli_d", "planted"]],
  ["bracket notation", { query: { "config[app_id]": "cli_d", "config[app_secret]": "12345678" } }, [
    "feishu",
    "cli_d",
    "12345678",
  ]],
  ["the environment", {}, shown(TEST_CREDENTIALS)],
])("createSessionCredentials() takes the credentials of %s", (_case, sent, expected) => {
  assert.deepEqual(shown(read(sent)), expected);
});

Deno.test("createSessionCredentials() takes the first source when every one is whole", () => {
  const sources: readonly Sent[] = [
    { headers: HEADERS },
    { query: QUERY },
    { query: { config: config({ app_id: "cli_config", app_secret: "planted" }) } },
    { query: { "config.app_id": "cli_dotted", "config.app_secret": "planted" } },
  ];
  const found = sources.map((_, first) => {
    const rest = sources.slice(first);
    return read({
      headers: Object.assign({}, ...rest.map(({ headers }) => headers)),
      query: Object.assign({}, ...rest.map(({ query }) => query)),
    }).appId;
  });
  assert.deepEqual(found, ["cli_header", "cli_query", "cli_config", "cli_dotted"]);
});

Deno.test.each<[string, Sent, string]>([
  [
    "the secret of the headers",
    { headers: { "x-feishu-app-id": "cli_h" } },
    "X-Feishu-App-Secret is missing from the headers",
  ],
  [
    "the id of the headers",
    { headers: { "x-feishu-app-secret": "planted" } },
    "X-Feishu-App-Id is missing from the headers",
  ],
  ["the secret of the query", { query: { app_id: "cli_q" } }, "app_secret is missing from the query"],
  ["the id of the query", { query: { app_secret: "planted" } }, "app_id is missing from the query"],
  [
    "the secret of config",
    { query: { config: config({ app_id: "cli_c" }) } },
    "app_secret is missing from the config parameter",
  ],
  [
    "the secret of the dotted parameters",
    { query: { "feishu.app_id": "cli_d" } },
    "config.app_secret is missing from the dotted parameters",
  ],
  [
    "a secret that is blank",
    { headers: { ...HEADERS, "x-feishu-app-secret": " \t" } },
    "X-Feishu-App-Secret is missing from the headers",
  ],
])("createSessionCredentials() says that %s is missing", (_case, sent, detail) => {
  const error = failure(sent);
  assert.deepEqual([error.code, error.detail.detail?.en], ["credentials_incomplete", detail]);
});

Deno.test.each<[string, Sent]>([
  ["the environment", { headers: { "x-feishu-app-id": "cli_h" } }],
  ["the query", { headers: { "x-feishu-app-id": "cli_h" }, query: { app_secret: "planted" } }],
  ["a whole pair of the query", { headers: { "x-feishu-app-id": "cli_h" }, query: QUERY }],
  ["config, from the query", { query: { app_id: "cli_q", config: config({ app_secret: "planted" }) } }],
])("createSessionCredentials() does not complete half a pair from %s", (_case, sent) => {
  assert.equal(failure(sent).code, "credentials_incomplete");
});

Deno.test("createSessionCredentials() says in Chinese what is missing, and how to send it", () => {
  const { message, next_step } = failure({ headers: { "x-feishu-app-id": "cli_h" } }).report({
    language: "zh",
  });
  assert.match(message, /请求头中缺少 X-Feishu-App-Secret$/);
  assert.match(next_step, /^请同时发送 X-Feishu-App-Id 和 X-Feishu-App-Secret/);
});

Deno.test("createSessionCredentials() tells how to send what is missing", () => {
  assert.match(
    failure({ query: { app_id: "cli_q" } }).report().next_step,
    /^Send app_id and app_secret together, or neither/,
  );
});

Deno.test("createSessionCredentials() takes the environment when every value is blank", () => {
  const blank = {
    headers: { "x-feishu-app-id": "", "x-feishu-app-secret": "  " },
    query: "app_id=&config=&app_secret=%20",
  };
  assert.equal(read(blank), TEST_CREDENTIALS);
});

Deno.test("createSessionCredentials() does not mix a brand alone into the environment's pair", () => {
  const log = new RecordingLog();
  assert.equal(read({ headers: { "x-feishu-brand": "lark" } }, log), TEST_CREDENTIALS);
  assert.deepEqual(log.only("credentials of one source used").fields, {
    used: "the environment",
    ignored: "the headers",
  });
});

Deno.test("createSessionCredentials() does not take the brand of another source", () => {
  assert.equal(read({ headers: HEADERS, query: { brand: "lark" } }).brand, "feishu");
});

Deno.test("createSessionCredentials() cuts the blanks around a value", () => {
  assert.deepEqual(
    shown(read({ query: { app_id: " cli_q\n", app_secret: "\tplanted ", brand: " Lark " } })),
    ["lark", "cli_q", "planted"],
  );
});

Deno.test("createSessionCredentials() says at debug that the headers win over the query", () => {
  const log = new RecordingLog();
  read({ headers: HEADERS, query: QUERY }, log);
  assert.deepEqual(log.lines, [{
    level: "debug",
    event: "credentials of one source used",
    fields: { used: "the headers", ignored: "the query" },
  }]);
});

Deno.test("createSessionCredentials() says nothing when there is one source", () => {
  const log = new RecordingLog();
  read({ headers: HEADERS, query: { api_key: "planted", profile: "x" } }, log);
  assert.deepEqual(log.lines, []);
});

Deno.test.each<[string, Sent, string]>([
  ["an id sent twice", {
    headers: [["x-feishu-app-id", "cli_a"], ["x-feishu-app-id", "cli_b"], [
      "x-feishu-app-secret",
      "planted",
    ]],
  }, "X-Feishu-App-Id must be given once, and without a comma"],
  [
    "a secret with a letter of another script",
    { query: { ...QUERY, app_secret: "plantéd" } },
    "app_secret must consist of ASCII characters, without blanks and control characters",
  ],
  [
    "a header with Latin-1 letters",
    { headers: { ...HEADERS, "x-feishu-app-id": "cli_\u00e9" } },
    "X-Feishu-App-Id must consist of ASCII characters, without blanks and control characters",
  ],
  [
    "a control character",
    { query: { ...QUERY, app_id: "cli\u0000planted" } },
    "app_id must consist of ASCII characters, without blanks and control characters",
  ],
  [
    "a newline within",
    { query: { ...QUERY, app_id: "cli\nplanted" } },
    "app_id must consist of ASCII characters, without blanks and control characters",
  ],
  [
    "a value of 257 characters",
    { headers: { ...HEADERS, "x-feishu-app-secret": "p".repeat(257) } },
    "X-Feishu-App-Secret must not exceed 256 characters",
  ],
  [
    "an unknown brand",
    { headers: { ...HEADERS, "x-feishu-brand": "planted" } },
    "X-Feishu-Brand must be feishu or lark",
  ],
  [
    "a parameter given twice",
    { query: "app_id=cli_a&app_id=cli_b&app_secret=planted" },
    "app_id must be given once",
  ],
  [
    "a part under two names",
    { query: "app_id=cli_a&appId=cli_a&app_secret=planted" },
    "appId must be given once",
  ],
  ["two configs", { query: `config=${config({})}&config=${config({})}` }, "config must be given once"],
  [
    "a number in config",
    { query: { config: config({ app_id: 7, app_secret: "planted" }) } },
    "app_id in config must be a string",
  ],
  ["a config that is no object", { query: { config: config("planted") } }, "config must be a JSON object"],
])("createSessionCredentials() refuses %s, without repeating it", (_case, sent, problem) => {
  const { problems } = refusal(sent);
  assert.deepEqual(inEnglish(problems), [problem]);
  assert.doesNotMatch(JSON.stringify(problems), /planted/);
});

Deno.test("createSessionCredentials() takes a value of 256 characters", () => {
  assert.equal(read({ query: { ...QUERY, app_secret: "s".repeat(256) } }).appSecret.length, 256);
});

Deno.test("createSessionCredentials() names every problem at once, wherever it stands", () => {
  const { problems, message } = refusal({
    headers: { ...HEADERS, "x-feishu-brand": "planted" },
    query: { app_id: "planted planted", config: "{planted}", "config.brand": "planted" },
  });
  assert.deepEqual(inEnglish(problems).map((problem) => problem.split(" must ")[0]), [
    "X-Feishu-Brand",
    "app_id",
    "config",
    "config.brand",
  ]);
  assert.doesNotMatch(message, /planted/);
});

Deno.test("createSessionCredentials() ignores __proto__ in dot notation", () => {
  assert.equal(
    read({ query: { "config.__proto__": "planted", "config.__proto__.app_id": "planted" } }),
    TEST_CREDENTIALS,
  );
});

Deno.test("createSessionCredentials() gives the same object when the same credentials come again, in any way", () => {
  const credentials = reader();
  const log = new RecordingLog();
  const [first, ...others] = [
    { headers: HEADERS },
    { headers: { ...HEADERS, "x-feishu-brand": "Feishu" } },
    { query: { app_id: "cli_header", app_secret: "planted-header" } },
  ].map((sent) => credentials(requestOf(sent), log)());
  assert.deepEqual(others.map((other) => other === first), [true, true]);
});

Deno.test.each<[string, Readonly<Record<string, string>>]>([
  ["secret", { "x-feishu-app-secret": "planted-other" }],
  ["id", { "x-feishu-app-id": "cli_other" }],
  ["brand", { "x-feishu-brand": "lark" }],
])("createSessionCredentials() gives another object when the %s is another", (_case, changed) => {
  const credentials = reader();
  const log = new RecordingLog();
  const first = credentials(requestOf({ headers: HEADERS }), log)();
  const second = credentials(requestOf({ headers: { ...HEADERS, ...changed } }), log)();
  assert.notDeepEqual(shown(first), shown(second));
});

Deno.test("createSessionCredentials() reads each request by itself when headers that were seen come in parts", () => {
  const credentials = reader();
  const log = new RecordingLog();
  const id = { "x-feishu-app-id": "null" };
  const secret = { "x-feishu-app-secret": "planted-header" };
  const found = (sent: Sent): unknown => {
    try {
      return shown(credentials(requestOf(sent), log)());
    } catch (error) {
      if (!(error instanceof TokenError)) throw error;
      return [error.code, error.message.match(/X-Feishu-App-\w+ is missing/)?.[0]];
    }
  };
  const noId = ["credentials_incomplete", "X-Feishu-App-Id is missing"];
  for (let round = 0; round < 2; round++) {
    assert.deepEqual(found({ headers: { ...id, ...secret } }), ["feishu", "null", "planted-header"]);
    assert.deepEqual(found({ headers: secret }), noId);
    assert.deepEqual(found({ headers: { ...secret, "x-feishu-app-id": "" } }), noId);
    assert.deepEqual(found({ headers: id }), ["credentials_incomplete", "X-Feishu-App-Secret is missing"]);
    assert.deepEqual(found({ headers: id, query: QUERY }), [
      "credentials_incomplete",
      "X-Feishu-App-Secret is missing",
    ]);
    assert.deepEqual(found({}), shown(TEST_CREDENTIALS));
  }
});

Deno.test("createSessionCredentials() remembers 1000 apps and no more", () => {
  const credentials = reader();
  const log = new RecordingLog();
  const at = (index: number): AppCredentials =>
    credentials(requestOf({ headers: { ...HEADERS, "x-feishu-app-id": `cli_${index}` } }), log)();
  const first = at(0);
  for (let index = 1; index < 1000; index++) at(index);
  assert.equal(at(0), first);
  for (let index = 1; index <= 1000; index++) at(index);
  assert.notEqual(at(0), first);
});

Deno.test.each<[string, Sent, RegExp]>([
  [
    "a secret in the query",
    { query: QUERY },
    /^app_secret must not be in the query, which telemetry may export/,
  ],
  [
    "config",
    { query: { config: config({ app_id: "cli_c", app_secret: "planted" }) } },
    /^config must not be/,
  ],
  [
    "a dotted secret",
    { query: { "config.app_id": "cli_d", "config.app_secret": "planted" } },
    /^config\.app_secret must not/,
  ],
  [
    "a secret in the query beside whole headers",
    { headers: HEADERS, query: QUERY },
    /^app_secret must not be/,
  ],
])(
  "createSessionCredentials() refuses %s when telemetry is on, and names the headers",
  (_case, sent, problem) => {
    const [only, ...more] = inEnglish(refusal(sent, reader(false)).problems);
    assert.match(only ?? "", problem);
    assert.match(only ?? "", /X-Feishu-App-Id and X-Feishu-App-Secret .*FEISHU_TOKEN_ALLOW_QUERY_SECRETS=1/);
    assert.doesNotMatch(only ?? "", /planted/);
    assert.deepEqual(more, []);
  },
);

Deno.test("createSessionCredentials() takes headers, and a query without secrets, when telemetry is on", () => {
  const found = reader(false)(
    requestOf({ headers: HEADERS, query: { app_id: "cli_query", profile: "x" } }),
    new RecordingLog(),
  )();
  assert.equal(found.appId, "cli_header");
});

Deno.test("createSessionCredentials() does not take a blank for a secret when telemetry is on", () => {
  const query = { app_secret: " ", config: "", "config.app_secret": "" };
  assert.equal(reader(false)(requestOf({ query }), new RecordingLog())(), TEST_CREDENTIALS);
});

Deno.test("createSessionCredentials() cuts the blanks around config", () => {
  const text = config({ app_id: "cli_c", app_secret: "planted" });
  assert.equal(read({ query: { config: ` ${text}\n` } }).appId, "cli_c");
});

Deno.test("withSessionAdvice() tells of the headers when there are no credentials at all", () => {
  const credentials = createSessionSource({}, () => {
    throw new TokenError("credentials_missing");
  });
  const { code, next_step } = failure({}, credentials).report();
  assert.equal(code, "credentials_missing");
  assert.match(
    next_step,
    /^Send the headers X-Feishu-App-Id and X-Feishu-App-Secret .* or set FEISHU_APP_ID and FEISHU_APP_SECRET/,
  );
});

Deno.test("withSessionAdvice() passes on what else the environment says", () => {
  const error = new TokenError("credentials_incomplete", {
    detail: { en: "FEISHU_APP_ID is not set", zh: "未设置 FEISHU_APP_ID" },
  });
  const credentials = createSessionSource({}, () => {
    throw error;
  });
  assert.equal(failure({}, credentials), error);
});

/** A pair as headers, as a query, in `config` and in dot notation. */
function sentEverywhere(appId: string, appSecret: string): readonly (readonly [string, Sent])[] {
  const isForHeaders = /^[\x20-\x7e]*$/.test(appId + appSecret);
  return [
    ...(isForHeaders
      ? [["headers", { headers: { "x-feishu-app-id": appId, "x-feishu-app-secret": appSecret } }] as const]
      : []),
    ["query", { query: { app_id: appId, app_secret: appSecret } }],
    ["config", { query: { config: config({ app_id: appId, app_secret: appSecret }) } }],
    ["dotted", { query: { "config.app_id": appId, "config.app_secret": appSecret } }],
  ];
}

Deno.test.each([
  ["a variable", "${FEISHU_APP_ID}", "planted", /(X-Feishu-App-Id|app_id) is a placeholder/],
  ["a placeholder", "cli_your_app_id", "planted", /(X-Feishu-App-Id|app_id) is a placeholder/],
  ["a placeholder with a blank", "<app id>", "planted", /(X-Feishu-App-Id|app_id) is a placeholder/],
  ["an ellipsis", "cli_…", "planted", /(X-Feishu-App-Id|app_id) is a placeholder/],
  ["swapped values", "planted", "cli_a1b2c3d4", /are swapped/],
  ["typographic quotation marks", "“cli_a1b2c3d4”", "planted", /has quotation marks in it/],
  ["another prefix", "ou_planted", "planted", /is not an App ID/],
])(
  "createSessionCredentials() fails at the call alone for %s, wherever it is sent",
  (_case, id, secret, fault) => {
    for (const [place, sent] of sentEverywhere(id, secret)) {
      const error = failure(sent, strictReader());
      assert.deepEqual([place, error.code, error.row.kind], [place, "credentials_malformed", "config"]);
      assert.match(error.detail.detail?.en ?? "", fault);
      assert.doesNotMatch(JSON.stringify(error.report()), /planted|a1b2c3d4/);
    }
  },
);

Deno.test("createSessionCredentials() reads headers whose bytes are UTF-8", () => {
  const bytes = new TextEncoder().encode("cli_…");
  const id = String.fromCharCode(...bytes);
  const headers = { "x-feishu-app-id": id, "x-feishu-app-secret": "planted" };
  const error = failure({ headers }, strictReader());
  assert.match(error.detail.detail?.en ?? "", /^X-Feishu-App-Id is a placeholder/);
});

Deno.test("createSessionCredentials() cuts one pair of straight quotation marks, with a warning that shows nothing", () => {
  for (const [place, sent] of sentEverywhere('"cli_quoted"', "'planted'")) {
    const log = new RecordingLog();
    const found = strictReader()(requestOf(sent), log)();
    assert.deepEqual([place, ...shown(found)], [place, "feishu", "cli_quoted", "planted"]);
    const warned = log.lines.filter(({ level }) => level === "warn");
    assert.equal(warned.length, 1);
    assert.doesNotMatch(JSON.stringify(warned), /planted|cli_quoted/);
  }
});

Deno.test("createSessionCredentials() warns alone when Feishu is not the real one", () => {
  const log = new RecordingLog();
  const credentials = reader();
  const sent = { headers: { "x-feishu-app-id": "my-app", "x-feishu-app-secret": "planted" } };
  assert.deepEqual(shown(credentials(requestOf(sent), log)()), ["feishu", "my-app", "planted"]);
  assert.equal(log.lines.filter(({ level }) => level === "warn").length, 1);
  assert.doesNotMatch(JSON.stringify(log.lines), /planted|my-app/);
});

Deno.test.each([
  ["no brand", undefined, "lark", "feishu"],
  ["its brand", "lark", "lark", undefined],
  ["the other brand", "feishu", "feishu", undefined],
])("createSessionCredentials() takes %s on a base URL of Lark", (_case, sent, brand, recordBrand) => {
  const credentials = createSessionSource({ brandOfBaseUrl: "lark" });
  const headers = { ...HEADERS, ...(sent === undefined ? {} : { "x-feishu-brand": sent }) };
  const found = credentials(requestOf({ headers }), new RecordingLog())();
  assert.deepEqual([found.brand, found.recordBrand], [brand, recordBrand]);
});
