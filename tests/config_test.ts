import assert from "node:assert/strict";
import { type Config, type ConfigSources, readConfig } from "../src/config.ts";
import { inEnglish } from "./support/in_english.ts";

const CREDENTIALS = { FEISHU_APP_ID: "cli_a1b2c3", FEISHU_APP_SECRET: "planted-app-secret" };

interface Given {
  readonly flags?: ConfigSources["flags"];
  readonly env?: Readonly<Record<string, string>>;
  readonly file?: Readonly<Record<string, string>>;
  readonly isTerminal?: boolean;
  readonly locale?: string | undefined;
  readonly secrets?: ConfigSources["secrets"];
}

function sources(given: Given): ConfigSources {
  const { flags = {}, env = {}, file = {}, isTerminal = false, locale, secrets } = given;
  return { flags, env: (name) => env[name], file, isTerminal, locale, secrets };
}

function config(given: Given = {}): Config {
  const reading = readConfig(sources(given));
  assert(reading.ok);
  return reading.config;
}

function problems(given: Given): readonly string[] {
  const reading = readConfig(sources(given));
  assert(!reading.ok);
  return inEnglish(reading.problems);
}

Deno.test("readConfig() is complete when nothing is set", () => {
  assert.deepEqual(config(), {
    transport: "http",
    host: "127.0.0.1",
    port: 8081,
    allowedHosts: new Set(),
    allowedOrigins: new Set(),
    trustedProxies: [],
    allowsQuerySecrets: true,
    allowsSessionLogins: false,
    callerKeys: [],
    scopes: [],
    credentials: { kind: "missing" },
    brand: "feishu",
    sandbox: { kind: "none" },
    shutdownMs: 40_000,
    language: "en",
    logLevel: "info",
    logFormat: "json",
    warnings: [],
  });
});

Deno.test("readConfig() takes the flag when environment and file say something else", () => {
  const env = { FEISHU_TOKEN_PORT: "2" };
  const file = { FEISHU_TOKEN_PORT: "3" };
  assert.equal(config({ flags: { port: "1" }, env, file }).port, 1);
});

Deno.test("readConfig() takes the environment when the file says something else", () => {
  assert.equal(
    config({ env: { FEISHU_TOKEN_PORT: "2" }, file: { FEISHU_TOKEN_PORT: "3" } }).port,
    2,
  );
});

Deno.test("readConfig() takes the file when nothing else is set", () => {
  assert.equal(config({ file: { FEISHU_TOKEN_PORT: "3" } }).port, 3);
});

Deno.test("readConfig() looks further when a value is blank", () => {
  const given = {
    flags: { port: "" },
    env: { FEISHU_TOKEN_PORT: " \t" },
    file: { FEISHU_TOKEN_PORT: "3" },
  };
  assert.equal(config(given).port, 3);
});

Deno.test("readConfig() cuts the blanks around a value", () => {
  const { credentials } = config({
    env: { FEISHU_APP_ID: " cli_a1b2c3\n", FEISHU_APP_SECRET: "\tplanted \r\n", FEISHU_BRAND: " LARK " },
  });
  assert(credentials.kind === "complete");
  const { appId, appSecret, brand } = credentials.credentials;
  assert.deepEqual([appId, appSecret.reveal(), brand], ["cli_a1b2c3", "planted", "lark"]);
});

Deno.test("readConfig() counts blank credentials as missing", () => {
  const { credentials, warnings } = config({ env: { FEISHU_APP_ID: " ", FEISHU_APP_SECRET: "" } });
  assert.deepEqual([credentials, warnings], [{ kind: "missing" }, []]);
});

Deno.test.each(
  [
    ["FEISHU_APP_ID", "FEISHU_APP_SECRET"],
    ["FEISHU_APP_SECRET", "FEISHU_APP_ID"],
  ] as const,
)("readConfig() warns when only %s is set", (given, missing) => {
  const { credentials, warnings } = config({ env: { [given]: CREDENTIALS[given] } });
  assert.deepEqual(credentials, { kind: "incomplete", missing });
  assert.equal(warnings.length, 1);
  assert.match(inEnglish(warnings).join(), new RegExp(`^${missing} is not set`));
});

Deno.test("readConfig() reports every problem at once", () => {
  const env = {
    FEISHU_BRAND: "fieshu",
    FEISHU_BASE_URL: "open.feishu.cn",
    FEISHU_REFRESH_ENDPOINT: "v9",
    FEISHU_TOKEN_PORT: "65536",
    FEISHU_TOKEN_LOG_FORMAT: "xml",
  };
  const found = problems({ flags: { logLevel: "loud" }, env });
  assert.deepEqual(
    found.map((problem) => problem.split(/[ :]/, 1)[0]).sort(),
    [
      "--log-level",
      ...Object.keys(env),
    ].sort(),
  );
});

Deno.test("readConfig() says what a value must be and what it is", () => {
  assert.deepEqual(problems({ env: { FEISHU_TOKEN_LOG_LEVEL: "loud" } }), [
    'FEISHU_TOKEN_LOG_LEVEL must be error, warn, info or debug, not "loud"',
  ]);
});

Deno.test.each(["65536", "-1", "80a", "1e3", "8081.5", "0x10"])(
  "readConfig() refuses the port %s",
  (port) => {
    assert.match(problems({ flags: { port } }).join("\n"), /^--port must be a port from 0 to 65535, not .*$/);
  },
);

Deno.test("readConfig() takes port 0", () => {
  assert.equal(config({ flags: { port: "0" } }).port, 0);
});

Deno.test("readConfig() names the variable when the flag beside it is blank", () => {
  const found = problems({ flags: { port: " " }, env: { FEISHU_TOKEN_PORT: "x" } });
  assert.match(found.join(), /^FEISHU_TOKEN_PORT/);
});

Deno.test("readConfig() shows nothing of a long value, which may be a secret in the wrong place", () => {
  const secret = "qPlantedSecretPlantedSecret00001";
  const found = problems({
    env: {
      FEISHU_BRAND: secret,
      FEISHU_BASE_URL: secret,
      FEISHU_TOKEN_PORT: secret,
      FEISHU_REFRESH_ENDPOINT: secret,
    },
  });
  assert.equal(found.length, 4);
  assert.doesNotMatch(found.join("\n"), /qPla/);
});

Deno.test("readConfig() keeps a problem on one line when the value has several", () => {
  assert.match(problems({ env: { FEISHU_BRAND: "a\nb" } }).join("\n"), /^FEISHU_BRAND [^\n]*$/);
});

Deno.test("readConfig() hides the secrets when the configuration is printed", () => {
  const env = { ...CREDENTIALS, FEISHU_TOKEN_KEY: "planted-server-key" };
  const read = config({ env });
  assert.doesNotMatch(Deno.inspect(read, { depth: 9 }) + JSON.stringify(read), /planted/);
  assert.equal(read.serverKey?.reveal(), "planted-server-key");
});

Deno.test("readConfig() writes for people when standard error is a terminal", () => {
  assert.equal(config({ isTerminal: true }).logFormat, "human");
});

Deno.test("readConfig() takes the log format that is set when standard error is a terminal", () => {
  assert.equal(config({ isTerminal: true, flags: { logFormat: "json" } }).logFormat, "json");
});

Deno.test("readConfig() serves one client when --stdio is given", () => {
  assert.equal(config({ flags: { stdio: true } }).transport, "stdio");
});

Deno.test("readConfig() keeps kv and base URL of the environment when Feishu is the real one", () => {
  const { kv, baseUrl } = config({
    env: { FEISHU_TOKEN_KV: "/data/t.kv", FEISHU_BASE_URL: "https://feishu.example.com/" },
  });
  assert.deepEqual([kv, baseUrl], ["/data/t.kv", "https://feishu.example.com"]);
});

Deno.test("readConfig() starts a sandbox on 8082 when --sandbox is given", () => {
  assert.deepEqual(config({ flags: { sandbox: true } }).sandbox, { kind: "embedded", port: 8082 });
});

Deno.test("readConfig() takes the sandbox's port when one is given", () => {
  const { sandbox } = config({ flags: { sandbox: true, sandboxPort: "0" } });
  assert.deepEqual(sandbox, { kind: "embedded", port: 0 });
});

Deno.test("readConfig() ignores real credentials and places when a sandbox is used, and says so in one line", () => {
  const env = {
    ...CREDENTIALS,
    FEISHU_BASE_URL: "not a URL",
    FEISHU_TOKEN_KV: "/real/tokens.kv",
  };
  const read = config({ flags: { sandbox: true }, env });
  assert.deepEqual([read.credentials, read.baseUrl, read.kv], [{ kind: "missing" }, undefined, ":memory:"]);
  assert.deepEqual(inEnglish(read.warnings), [
    "the sandbox's app is used; ignored: FEISHU_APP_ID, FEISHU_APP_SECRET, FEISHU_BASE_URL, FEISHU_TOKEN_KV",
  ]);
});

Deno.test("readConfig() leaves the store of a sandbox elsewhere to its default place", () => {
  const flags = { sandboxUrl: "http://127.0.0.1:8082" };
  assert.equal(config({ flags, env: { FEISHU_TOKEN_KV: "/real/tokens.kv" } }).kv, undefined);
});

Deno.test("readConfig() says nothing of ignored credentials when there are none", () => {
  assert.deepEqual(config({ flags: { sandbox: true } }).warnings, []);
});

Deno.test("readConfig() keeps a sandbox's tokens where --kv says", () => {
  const { kv, warnings } = config({
    flags: { sandbox: true, kv: "/tmp/s.kv" },
    env: { FEISHU_TOKEN_KV: "/real/tokens.kv" },
  });
  assert.deepEqual([kv, warnings], ["/tmp/s.kv", []]);
});

Deno.test("readConfig() uses a sandbox elsewhere when --sandbox-url names one", () => {
  const { sandbox } = config({ flags: { sandboxUrl: "http://127.0.0.1:9/" } });
  assert.deepEqual(sandbox, { kind: "elsewhere", url: "http://127.0.0.1:9" });
});

Deno.test.each([
  "https://feishu.example.com",
  "http://feishu.example.com",
  "http://127.0.0.1:9/path",
  "https://localhost.example.com",
])(
  "readConfig() refuses the sandbox %s",
  (sandboxUrl) => {
    assert.deepEqual(problems({ flags: { sandboxUrl } }), [
      "--sandbox-url must be an address of this machine, for instance http://127.0.0.1:8082",
    ]);
  },
);

Deno.test("readConfig() refuses two sandboxes", () => {
  const found = problems({ flags: { sandbox: true, sandboxUrl: "http://127.0.0.1:9" } });
  assert.match(found.join("\n"), /^--sandbox starts .* use only one of them$/);
});

Deno.test("readConfig() refuses --sandbox-port when --sandbox is missing", () => {
  assert.deepEqual(problems({ flags: { sandboxPort: "1" } }), ["--sandbox-port needs --sandbox"]);
});

Deno.test.each([
  [{ PORT: "1" }, 1],
  [{ PORT: "1", FEISHU_TOKEN_PORT: "2" }, 2],
  [{ PORT: "tcp://10.0.0.1:80", FEISHU_TOKEN_PORT: "2" }, 2],
])("readConfig() takes the platform's PORT when nothing else names one: %j", (env, port) => {
  assert.equal(config({ env }).port, port);
});

Deno.test("readConfig() names PORT when that is no port", () => {
  assert.match(problems({ env: { PORT: "x" } }).join("\n"), /^PORT must be a port from 0 to 65535/);
});

Deno.test("readConfig() reads lists of hosts and origins, in any case", () => {
  const { allowedHosts, allowedOrigins } = config({
    env: {
      FEISHU_TOKEN_ALLOWED_HOSTS: " Tokens.example.com ,tokens.example.com:8443,, [2001:db8::1]",
      FEISHU_TOKEN_ALLOWED_ORIGINS: "https://App.example.com,http://app.example.com:3000",
    },
  });
  assert.deepEqual([...allowedHosts], ["tokens.example.com", "tokens.example.com:8443", "[2001:db8::1]"]);
  assert.deepEqual([...allowedOrigins], ["https://app.example.com", "http://app.example.com:3000"]);
});

Deno.test("readConfig() refuses lists with something else in them, and shows nothing of it", () => {
  const found = problems({
    env: {
      FEISHU_TOKEN_ALLOWED_HOSTS: "tokens.example.com,https://planted.example.com",
      FEISHU_TOKEN_ALLOWED_ORIGINS: "https://app.example.com/planted",
    },
  });
  assert.deepEqual(found.map((problem) => problem.split(" must list ")[0]), [
    "FEISHU_TOKEN_ALLOWED_HOSTS",
    "FEISHU_TOKEN_ALLOWED_ORIGINS",
  ]);
  assert.doesNotMatch(found.join("\n"), /planted/);
});

Deno.test("readConfig() trusts no proxy when none is named", () => {
  assert.deepEqual(config({}).trustedProxies, []);
});

Deno.test("readConfig() reads addresses and blocks of trusted proxies", () => {
  assert.deepEqual(
    config({ env: { FEISHU_TOKEN_TRUSTED_PROXIES: "10.0.0.0/8, FD00::1 ," } }).trustedProxies,
    [
      { address: "10.0.0.0", prefixBits: 8, family: "ipv4" },
      { address: "fd00::1", prefixBits: 128, family: "ipv6" },
    ],
  );
});

Deno.test.each([
  ["10.0.0.0/33", '"10.0.0.0/33"'],
  ["2001:db8:aaaa:bbbb::/129", '"2001:db8:aaaa:bbbb::/129"'],
  ["proxy", '"proxy"'],
  ["qPlantedSecretPlantedSecret00001", "32 characters long"],
])("readConfig() names the entry when it can trust no proxy %s", (item, named) => {
  assert.deepEqual(problems({ env: { FEISHU_TOKEN_TRUSTED_PROXIES: `10.0.0.1,${item}` } }), [
    "FEISHU_TOKEN_TRUSTED_PROXIES must list IP addresses or CIDR blocks such as 10.0.0.0/8 or fd00::1, " +
    `separated by commas; entry 2 is ${named}`,
  ]);
});

Deno.test.each([
  [{}, true],
  [{ OTEL_DENO: "true" }, false],
  [{ OTEL_DENO: "1" }, false],
  [{ OTEL_DENO: "false" }, true],
  [{ DENO_DEPLOY: "true" }, false],
  [{ DENO_DEPLOYMENT_ID: "abc" }, false],
  [{ OTEL_DENO: "true", FEISHU_TOKEN_ALLOW_QUERY_SECRETS: "1" }, true],
  [{ DENO_DEPLOY: "true", FEISHU_TOKEN_ALLOW_QUERY_SECRETS: "1" }, true],
  [{ FEISHU_TOKEN_ALLOW_QUERY_SECRETS: "0" }, false],
])("readConfig() tells whether secrets may stand in a query: %j", (env: Record<string, string>, expected) => {
  assert.equal(config({ env }).allowsQuerySecrets, expected);
});

Deno.test("readConfig() does not take telemetry of the file for telemetry that is on", () => {
  assert.equal(config({ file: { OTEL_DENO: "true" } }).allowsQuerySecrets, true);
});

Deno.test("readConfig() refuses another word than 1 or 0 for query secrets", () => {
  assert.deepEqual(problems({ env: { FEISHU_TOKEN_ALLOW_QUERY_SECRETS: "maybe" } }), [
    'FEISHU_TOKEN_ALLOW_QUERY_SECRETS must be 1 or 0, not "maybe"',
  ]);
});

Deno.test.each([
  [{}, false],
  [{ FEISHU_TOKEN_SESSION_LOGINS: "0" }, false],
  [{ FEISHU_TOKEN_SESSION_LOGINS: "1" }, true],
])(
  "readConfig() tells whether callers with an app of their own have logins: %j",
  (env: Record<string, string>, expected) => {
    assert.equal(config({ env }).allowsSessionLogins, expected);
  },
);

Deno.test("readConfig() refuses another word than 1 or 0 for session logins", () => {
  assert.deepEqual(problems({ env: { FEISHU_TOKEN_SESSION_LOGINS: "yes" } }), [
    'FEISHU_TOKEN_SESSION_LOGINS must be 1 or 0, not "yes"',
  ]);
});

Deno.test.each([
  ["docx:document im:message.send_as_user", ["docx:document", "im:message.send_as_user"]],
  ["docx:document,im:message", ["docx:document", "im:message"]],
  [" docx:document ,\n docx:document，offline_access ", ["docx:document", "offline_access"]],
  ["Aily:Session", ["Aily:Session"]],
  [" ", []],
])("readConfig() reads scopes separated by blanks or commas, and keeps their case: %j", (text, expected) => {
  assert.deepEqual(config({ env: { FEISHU_TOKEN_SCOPES: text } }).scopes, expected);
});

Deno.test("readConfig() refuses what is no scope, and does not show it", () => {
  assert.deepEqual(problems({ env: { FEISHU_TOKEN_SCOPES: "docx:document planted(secret)" } }), [
    "FEISHU_TOKEN_SCOPES must list names of Feishu's scopes such as docx:document, separated by blanks or commas",
  ]);
});

Deno.test.each([
  [{ FEISHU_TOKEN_LANG: "zh", LC_ALL: "en_US.UTF-8" }, "en-US", "zh"],
  [{ FEISHU_TOKEN_LANG: "en", LANG: "zh_CN.UTF-8" }, "zh-CN", "en"],
  [{ LC_ALL: "zh_CN.UTF-8", LC_MESSAGES: "en_US", LANG: "en_US" }, "en-US", "zh"],
  [{ LC_ALL: "", LC_MESSAGES: "zh_CN", LANG: "en_US" }, "en-US", "zh"],
  [{ LC_ALL: "C", LANG: "zh_CN.UTF-8" }, "zh-CN", "en"],
  [{ LANG: "zh_TW.UTF-8" }, "en-US", "zh"],
  [{}, "zh-CN", "zh"],
  [{}, "de-CH", "en"],
  [{}, undefined, "en"],
])(
  "readConfig() takes the language that is set, else that of the locale: %j, %s",
  (env: Record<string, string>, locale, language) => {
    assert.equal(config({ env, locale }).language, language);
  },
);

Deno.test("readConfig() refuses a language that it does not speak", () => {
  assert.deepEqual(problems({ flags: { language: "fr" } }), ['--lang must be en or zh, not "fr"']);
});

Deno.test.each<[string, Readonly<Record<string, string>>, number]>([
  ["a call that spends a refresh token may take", {}, 40_000],
  ["Deno Deploy leaves between its two signals", { DENO_DEPLOY: "true" }, 4_500],
  ["an older Deno Deploy leaves", { DENO_DEPLOYMENT_ID: "abc" }, 4_500],
])("readConfig() gives the shutdown the time that %s", (_case, env, shutdownMs) => {
  assert.equal(config({ env }).shutdownMs, shutdownMs);
});

Deno.test.each<[string, Readonly<Record<string, string>>, "feishu" | "lark"]>([
  ["https://open.feishu.cn/open-apis", {}, "feishu"],
  ["https://open.feishu.cn", {}, "feishu"],
  ["https://open.larksuite.com/open-apis/", {}, "lark"],
  ["https://open.larksuite.com", { FEISHU_BRAND: "lark" }, "lark"],
  ["https://accounts.larksuite.com", {}, "lark"],
])(
  "readConfig() takes the official host %s for the brand's own hosts: %j, %s",
  (FEISHU_BASE_URL, env, brand) => {
    const read = config({ env: { ...CREDENTIALS, ...env, FEISHU_BASE_URL } });
    assert(read.credentials.kind === "complete");
    assert.deepEqual([read.baseUrl, read.brand, read.credentials.credentials.brand], [
      undefined,
      brand,
      brand,
    ]);
    assert.equal(read.brandOfBaseUrl, brand);
  },
);

Deno.test("readConfig() cuts /open-apis off the base URL of a gateway, which has no brand", () => {
  const read = config({ env: { FEISHU_BASE_URL: "https://gateway.example/feishu/open-apis/" } });
  assert.deepEqual([read.baseUrl, read.brandOfBaseUrl], ["https://gateway.example/feishu", undefined]);
});

Deno.test.each([
  [
    {},
    { FEISHU_BRAND: "feishu", FEISHU_BASE_URL: "https://open.larksuite.com/open-apis" },
    "FEISHU_BASE_URL",
  ],
  [{ baseUrl: "https://open.larksuite.com" }, { FEISHU_BRAND: "feishu" }, "--base-url"],
])("readConfig() refuses an official host of the other brand, and names both: %j, %j", (flags, env, by) => {
  assert.deepEqual(problems({ flags, env: { ...CREDENTIALS, ...env } }), [
    `FEISHU_BRAND is feishu, and ${by} names open.larksuite.com, a host of lark: unset one of them`,
  ]);
});

Deno.test.each<[string, Readonly<Record<string, string>>, "feishu" | undefined]>([
  ["a host of lark and no brand", { FEISHU_BASE_URL: "https://open.larksuite.com" }, "feishu"],
  ["a host of lark and its brand", {
    FEISHU_BASE_URL: "https://open.larksuite.com",
    FEISHU_BRAND: "lark",
  }, undefined],
  ["the brand alone", { FEISHU_BRAND: "lark" }, undefined],
  ["a host of feishu", { FEISHU_BASE_URL: "https://open.feishu.cn" }, undefined],
  ["a gateway", { FEISHU_BASE_URL: "https://gateway.example" }, undefined],
])("readConfig() names records as version 0.1.0 did when there is %s", (_case, env, recordBrand) => {
  const { credentials } = config({ env: { ...CREDENTIALS, ...env } });
  assert(credentials.kind === "complete");
  assert.equal(credentials.credentials.recordBrand, recordBrand);
});

Deno.test.each([
  ["tcp://10.96.12.34:8081", {}, {}, 8081],
  ["tcp://10.96.12.34:8081", { PORT: "9000" }, {}, 9000],
  ["tcp://10.96.12.34:8081", { PORT: "9000" }, { FEISHU_TOKEN_PORT: "7000" }, 7000],
  ["udp://[fd00::1]:8081", {}, {}, 8081],
])(
  "readConfig() passes over the port %s of a Service with a warning: %j, %j",
  (port, env, file, expected) => {
    const read = config({ env: { ...env, FEISHU_TOKEN_PORT: port }, file });
    assert.equal(read.port, expected);
    assert.equal(read.warnings.length, 1);
    assert.match(
      inEnglish(read.warnings).join(),
      /^FEISHU_TOKEN_PORT holds an address, as Kubernetes sets it/,
    );
  },
);

Deno.test("readConfig() passes over a PORT that is the address of a Service", () => {
  const read = config({ env: { PORT: "tcp://10.96.12.34:80" } });
  assert.deepEqual([read.port, read.warnings.length], [8081, 1]);
});

Deno.test("readConfig() refuses such an address as a flag", () => {
  assert.equal(problems({ flags: { port: "tcp://10.96.12.34:8081" } }).length, 1);
});

Deno.test("readConfig() cuts one pair of straight quotation marks around any value, with a warning", () => {
  const read = config({
    env: {
      FEISHU_APP_ID: '"cli_a1b2c3"',
      FEISHU_APP_SECRET: "'planted-app-secret'",
      FEISHU_TOKEN_PORT: '"9000"',
      FEISHU_TOKEN_KV: '"/data/t.kv"',
      FEISHU_TOKEN_HOST: '""',
    },
  });
  assert(read.credentials.kind === "complete");
  const { appId, appSecret } = read.credentials.credentials;
  assert.deepEqual(
    [appId, appSecret.reveal(), read.port, read.kv, read.host],
    ["cli_a1b2c3", "planted-app-secret", 9000, "/data/t.kv", "127.0.0.1"],
  );
  const warnings = inEnglish(read.warnings);
  assert.deepEqual(warnings.map((warning) => warning.split(":")[0]).toSorted(), [
    "FEISHU_APP_ID",
    "FEISHU_APP_SECRET",
    "FEISHU_TOKEN_HOST",
    "FEISHU_TOKEN_KV",
    "FEISHU_TOKEN_PORT",
  ]);
  assert.doesNotMatch(warnings.join(), /planted|a1b2c3/);
});

Deno.test.each([
  ["a placeholder", { FEISHU_APP_ID: "${FEISHU_APP_ID}" }, /^FEISHU_APP_ID is a placeholder/],
  ["two pairs of quotation marks", { FEISHU_APP_ID: `'"cli_a1b2c3"'` }, /^FEISHU_APP_ID has quotation marks/],
  ["the README's own words", { FEISHU_APP_ID: "cli_…" }, /^FEISHU_APP_ID is a placeholder/],
])("readConfig() starts with credentials that cannot be a pair, and warns: %s", (_case, env, fault) => {
  const { credentials, warnings } = config({ env: { ...CREDENTIALS, ...env } });
  assert(credentials.kind === "malformed");
  assert.match(credentials.fault.en, fault);
  assert.match(inEnglish(warnings).at(-1) ?? "", /; there are no tokens until that is corrected$/);
});

Deno.test("readConfig() warns alone of such credentials when the base URL is one of its own", () => {
  const env = { ...CREDENTIALS, FEISHU_APP_ID: "my-app", FEISHU_BASE_URL: "https://gateway.example" };
  const { credentials, warnings } = config({ env });
  assert.equal(credentials.kind, "complete");
  assert.deepEqual(inEnglish(warnings), [
    "FEISHU_APP_ID is not an App ID, which is cli_ and 4 to 40 letters, digits or _; it is sent as it is to the Feishu " +
    "that FEISHU_BASE_URL names",
  ]);
});

Deno.test("readConfig() judges credentials when the base URL is an official host", () => {
  const env = {
    ...CREDENTIALS,
    FEISHU_APP_ID: "my-app",
    FEISHU_BASE_URL: "https://open.feishu.cn/open-apis",
  };
  assert.equal(config({ env }).credentials.kind, "malformed");
});

Deno.test("readConfig() takes origins of applications and extensions, and cuts default ports", () => {
  const { allowedOrigins } = config({
    env: { FEISHU_TOKEN_ALLOWED_ORIGINS: "tauri://localhost, HTTPS://x.example:443,app://obsidian.md" },
  });
  assert.deepEqual([...allowedOrigins], ["tauri://localhost", "https://x.example", "app://obsidian.md"]);
});

Deno.test.each([
  ["https://app.example.com/path", /; entry 2 is "https:\/\/app\.example\.com…"$/],
  ["https://*.example.com", /; entry 2 is "https:\/\/\*\.example\.com"$/],
  ["app.example", /; entry 2 is "app\.example"$/],
  ["null", /must not list null, .*; entry 2 is "null"$/],
  ["https://user:planted@app.example.com", /; entry 2 is 36 characters long$/],
  ["https://q1lantedsecretplantedsecret00001/", /; entry 2 is 41 characters long$/],
])("readConfig() names the origin %j that nothing sends", (item, named) => {
  const found = problems({ env: { FEISHU_TOKEN_ALLOWED_ORIGINS: `https://a.example,${item}` } });
  assert.equal(found.length, 1);
  assert.match(found.join(), named);
});

Deno.test("readConfig() names the .env that nobody reads when credentials are missing", () => {
  const reading = readConfig({ ...sources({}), hasUnreadEnvFile: true });
  assert(reading.ok && reading.config.credentials.kind === "missing");
  assert.match(reading.config.credentials.hint?.en ?? "", /\.env in this folder.*--env-file \.env/);
});

const CALLER_KEY = "planted-caller-key-0123456789abcdef";

Deno.test("readConfig() reads the keys of callers", () => {
  const { callerKeys } = config({ env: { FEISHU_TOKEN_CALLER_KEYS: `alice=${CALLER_KEY}` } });
  assert.deepEqual(callerKeys.map(({ name, key }) => [name, key.reveal()]), [["alice", CALLER_KEY]]);
  assert.ok(!JSON.stringify(callerKeys).includes("planted"));
  assert.deepEqual(config({ env: { FEISHU_TOKEN_CALLER_KEYS: "  " } }).callerKeys, []);
});

Deno.test("readConfig() refuses keys of callers that it cannot read, without a word of them", () => {
  const env = { FEISHU_TOKEN_CALLER_KEYS: `${CALLER_KEY} alice=planted ,` };
  assert.deepEqual(problems({ env }).map((problem) => problem.replace(/: make one.*/, "")), [
    "FEISHU_TOKEN_CALLER_KEYS: entry 1 is not NAME=KEY",
    "FEISHU_TOKEN_CALLER_KEYS: entry 2 has a key of fewer than 32 characters",
  ]);
  assert.deepEqual(problems({ env: { FEISHU_TOKEN_CALLER_KEYS: "," } }), [
    "FEISHU_TOKEN_CALLER_KEYS: there is no key in it",
  ]);
});

const FROM_FILES = {
  env: {
    FEISHU_APP_ID: CREDENTIALS.FEISHU_APP_ID,
    FEISHU_APP_SECRET_FILE: "/run/secrets/app",
    FEISHU_TOKEN_KEY_FILE: "/run/secrets/key",
    FEISHU_TOKEN_CALLER_KEYS_FILE: "/run/secrets/callers",
  },
  secrets: {
    appSecret: "planted-app-secret",
    serverKey: "planted-server-key",
    callerKeys: `alice=${CALLER_KEY}\nbob=${CALLER_KEY}2\n`,
  },
} as const;

Deno.test("readConfig() takes secrets out of files that a command has read", () => {
  const { credentials, serverKey, callerKeys } = config(FROM_FILES);
  assert.equal(credentials.kind, "complete");
  assert.equal(
    credentials.kind === "complete" && credentials.credentials.appSecret.reveal(),
    "planted-app-secret",
  );
  assert.equal(serverKey?.reveal(), "planted-server-key");
  assert.deepEqual(callerKeys.map(({ name }) => name), ["alice", "bob"]);
});

Deno.test("readConfig() names the file's variable where the secret in the file is wrong", () => {
  const secrets = { ...FROM_FILES.secrets, callerKeys: "alice=planted" };
  assert.match(
    problems({ ...FROM_FILES, secrets })[0] ?? "",
    /^FEISHU_TOKEN_CALLER_KEYS_FILE: entry 1 has a key/,
  );
});

Deno.test.each(["FEISHU_APP_SECRET", "FEISHU_TOKEN_KEY", "FEISHU_TOKEN_CALLER_KEYS"])(
  "readConfig() refuses %s next to its file, wherever the two are set",
  (variable) => {
    const value = variable === "FEISHU_TOKEN_CALLER_KEYS"
      ? `alice=${CALLER_KEY}`
      : "planted-value-of-a-secret";
    const { env, secrets } = FROM_FILES;
    const expected = [`${variable} and ${variable}_FILE are both set: unset one of them`];
    assert.deepEqual(problems({ env: { ...env, [variable]: value }, secrets }), expected);
    assert.deepEqual(problems({ env, file: { [variable]: value }, secrets }), expected);
    assert.ok(config({ env: { ...env, [variable]: " " }, secrets }));
  },
);
