import type { Chance } from "../../harness/chance.ts";

const SOUND_TARGETS = [
  "/",
  "/healthz",
  "/readyz",
  "/.well-known/mcp-config",
  "/mcp/",
  "/MCP",
  "//mcp",
  "/./mcp",
  "/x/../mcp",
  "/%6dcp",
  "/mcp;x",
  "/mcp%00",
  "/favicon.ico",
  `/${"a".repeat(100)}`,
  `/${"a".repeat(8_000)}`,
  "/%",
  `/${"%2e%2e/".repeat(20)}`,
  "/healthz?x=1",
];
const ODD_TARGETS = ["/\u00e9", "http://evil.example:99999/mcp", "*", "mcp", "?x", "/mcp#x", "/readyz#"];

/**
 * The target of a request line.
 *
 * @param secret makes up a planted secret.
 * @param odd told of a target that no HTTP server need parse.
 */
export function fuzzedTarget(chance: Chance, secret: () => string, odd: (target: string) => string): string {
  const draw = chance.fraction();
  if (draw < 0.72) return "/mcp";
  if (draw < 0.86) return `/mcp?${queryOf(chance, secret)}`;
  return draw < 0.96 ? chance.pick(SOUND_TARGETS) : odd(chance.pick(ODD_TARGETS));
}

function queryOf(chance: Chance, secret: () => string): string {
  const base64 = (text: string): string => new TextEncoder().encode(text).toBase64();
  return chance.pick([
    "",
    "&&&",
    "=",
    "%",
    "%ff%fe",
    `app_id=cli_x&app_secret=${secret()}`,
    `config=${base64(JSON.stringify({ app_id: "cli_x", app_secret: secret() }))}`,
    `config=${secret()}`,
    `config.app_id=a&config.app_secret=${secret()}`,
    `config[app_secret]=${secret()}`,
    `app_secret=${secret()}&app_secret=${secret()}`,
    `feishu.appSecret=%22${secret()}%22`,
    `config=${"A".repeat(9_000)}`,
    `config=${base64("[".repeat(5_000))}`,
    `config=${base64('{"__proto__":{"app_id":"x"}}')}`,
    `brand=${secret()}`,
    "a=b&".repeat(3_000),
  ]);
}
