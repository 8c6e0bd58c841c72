import type { Chance } from "../../harness/chance.ts";
import { oddText } from "./odd_json.ts";

const METHODS = [
  "tools/call",
  "tools/list",
  "initialize",
  "ping",
  "notifications/initialized",
  "notifications/cancelled",
  "notifications/progress",
  "resources/list",
  "prompts/list",
  "logging/setLevel",
  "completion/complete",
  "tasks/get",
  "tasks/list",
  "tasks/result",
  "tasks/cancel",
  "sampling/createMessage",
  "elicitation/create",
  "roots/list",
  "rpc.discover",
  "__proto__",
  "constructor",
  "toString",
  "",
  "tools/call ",
  "TOOLS/CALL",
  "tools/call\u0000",
] as const;
/** Half of all messages call or list tools: the rest is refused early. */
const USUAL_METHODS = ["tools/call", "tools/list"] as const;
const TOOLS = [
  "get_feishu_app_token",
  "refresh_feishu_user_token",
  "report_feishu_token_rejected",
  "finish_feishu_login",
  "get_feishu_user_token",
  "list_feishu_logins",
  "nope",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "",
];
const USUAL_IDS = [1, 0, -1, "a", ""];
const ODD_IDS = ["x".repeat(5_000), 2 ** 53, 1.5, null, true, [], {}, [1], { a: 1 }, "\ud800", "__proto__"];
const PROTOCOL_VERSIONS = ["2025-06-18", "1", null, 5, "x".repeat(1_000)];

type Fields = Record<string, unknown>;

/** A JSON-RPC message to an MCP server, or nearly one. `secret` makes up a planted secret. */
export function mcpMessage(chance: Chance, secret: () => string): Fields {
  const maybe = (share: number): boolean => chance.fraction() < share;
  const method = chance.pick(maybe(0.5) ? USUAL_METHODS : METHODS);
  const message: Fields = {};
  if (maybe(0.95)) {
    message.jsonrpc = maybe(0.75) ? "2.0" : chance.pick(["1.0", 2.0, null, "", "2.0 ", []]);
  }
  if (maybe(0.9)) message.id = chance.pick(maybe(0.6) ? USUAL_IDS : ODD_IDS);
  if (maybe(0.95)) message.method = maybe(0.95) ? method : chance.pick([null, 1, [], {}, true]);
  if (maybe(0.85)) message.params = paramsOf(method, chance, secret);
  if (maybe(0.05)) {
    const name = chance.pick(["result", "error", "__proto__", "extra"]);
    define(message, name, chance.pick([{}, 1, null, { code: 1, message: "x" }]));
  }
  return message;
}

function paramsOf(method: (typeof METHODS)[number], chance: Chance, secret: () => string): unknown {
  if (method === "tools/call") return callParams(chance, secret);
  if (method === "initialize") {
    return {
      protocolVersion: chance.pick(PROTOCOL_VERSIONS),
      capabilities: chance.pick<unknown>([{}, null, { experimental: { a: {} } }]),
      clientInfo: chance.pick<unknown>([{ name: "x", version: "1" }, null, {}, 1]),
    };
  }
  return chance.pick<unknown>([
    {},
    null,
    [],
    1,
    "x",
    { requestId: 1 },
    { cursor: "x" },
    { cursor: 1 },
    { _meta: { progressToken: 1 } },
    { level: "debug" },
    { taskId: "x" },
  ]);
}

function callParams(chance: Chance, secret: () => string): Fields {
  const maybe = (share: number): boolean => chance.fraction() < share;
  const tool = chance.pick(TOOLS);
  const params: Fields = {
    name: maybe(0.95) ? tool : chance.pick<unknown>([null, 1, {}, []]),
    arguments: maybe(0.9)
      ? toolArguments(tool, chance, secret)
      : chance.pick<unknown>([null, [], 1, "x", true]),
  };
  if (maybe(0.15)) {
    params._meta = chance.pick<unknown>([
      {},
      null,
      1,
      { progressToken: chance.pick<unknown>([1, "a", null, {}]) },
      { "io.modelcontextprotocol/related-task": { taskId: "x" } },
      { "io.modelcontextprotocol/related-task": 1 },
    ]);
  }
  if (maybe(0.08)) params.task = chance.pick<unknown>([{}, { ttl: 1 }, { ttl: -1 }, null, 1, { ttl: "x" }]);
  return params;
}

function toolArguments(tool: string, chance: Chance, secret: () => string): Fields {
  const maybe = (share: number): boolean => chance.fraction() < share;
  const all: Fields = {};
  if (maybe(0.7)) {
    all.min_ttl_seconds = chance.pick<unknown>([
      ...[0, 300, 7200, 7201, -1, 1.5, "300", null, [], {}, true, 1e308, 2 ** 60],
    ]);
  }
  if (maybe(0.7)) {
    all.refresh_token = chance.pick<unknown>([
      secret(),
      `ur-${secret()}`,
      `eyJ${secret()}.${secret()}.x`,
      ...["a b", "", null, 1, [], {}, "x".repeat(8_192), "x".repeat(8_193), "\u200b", "ur-\x00", {
        toString: 1,
      }],
    ]);
  }
  if (maybe(0.5)) {
    all.token = chance.pick<unknown>([secret(), `t-${secret()}`, "", null, 5, [], "x".repeat(8_193)]);
  }
  if (maybe(0.4)) {
    all.feishu_code = chance.pick<unknown>([99991663, 99991672, 0, -1, "1", null, 1.5, 2 ** 31, 2 ** 31 - 1]);
  }
  if (maybe(0.2)) {
    const name = chance.pick(["__proto__", "app_id", "app_secret", "constructor", oddText(chance), secret()]);
    define(all, name, chance.pick<unknown>([1, secret(), null, {}]));
  }
  // Otherwise hardly a call would come as far as a tool.
  const only = { g: "min_ttl_seconds", r: "refresh_token" }[tool.slice(0, 1)];
  if (only === undefined || tool.startsWith("report") || maybe(0.4)) return all;
  return Object.fromEntries(Object.entries(all).filter(([name]) => name === only));
}

/** Sets a field under any name, `__proto__` too. */
function define(fields: Fields, name: string, value: unknown): void {
  Object.defineProperty(fields, name, { value, enumerable: true, configurable: true, writable: true });
}
