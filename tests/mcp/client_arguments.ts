/** One call of a tool as a client's library puts it on the wire, and what the service is to be asked for. */
export interface ClientMessage {
  readonly client: string;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** In the words of the service. */
  readonly asked: Readonly<Record<string, unknown>>;
}

const CREWAI = "CrewAI, which gives every optional argument as null";
const OPENAI = "OpenAI's strict mode, where every property is required and nullable";
const GPT = "GPT-5.2, which fills what it does not know with empty text and 0";
const GO = "Go, whose structs have zero values";
const JAVA = "Java, whose records have null and 0";
const CSHARP = "C#, which writes null for what is not set";
const SPACED = "models that write scopes as OAuth does";
const QUOTING = "models that quote every value";

/** The forms in which calls arrive that leave an optional argument out, or give it as text. */
export const CLIENT_ARGUMENTS: readonly ClientMessage[] = [
  ttl(CREWAI, null, 300_000),
  ttl(OPENAI, null, 300_000),
  ttl(GPT, "", 300_000),
  ttl(CSHARP, null, 300_000),
  ttl(QUOTING, "600", 600_000),
  ttl(QUOTING, " 600 ", 600_000),
  ttl(QUOTING, "600.0", 600_000),
  // 0 says something here: whatever is left.
  ttl(GO, 0, 0),
  ttl(QUOTING, "0", 0),

  report(CREWAI, { token: "t-a", refresh_token: null, feishu_code: null }),
  report(OPENAI, { token: "t-a", refresh_token: null, feishu_code: 99991663 }, { feishuCode: 99991663 }),
  report(GPT, { token: "t-a", refresh_token: "", feishu_code: 0 }),
  report(GPT, { token: "t-a", refresh_token: " ", feishu_code: "" }),
  report(GO, { token: "t-a", refresh_token: "", feishu_code: 0 }),
  report(JAVA, { token: "t-a", refresh_token: null, feishu_code: 0 }),
  report(CSHARP, { token: "u-a", refresh_token: "ur-a", feishu_code: null }, { refreshToken: "ur-a" }, "u-a"),
  report(QUOTING, { token: "t-a", feishu_code: "99991663" }, { feishuCode: 99991663 }),
  report(QUOTING, { token: "t-a", feishu_code: "0" }),

  start(OPENAI, { scopes: null, user: null, purpose: null }),
  start(GPT, { scopes: [], user: "", purpose: "" }),
  start(GO, { scopes: [], user: "", purpose: "" }),
  start(JAVA, { scopes: "", user: null }),
  start(QUOTING, { scopes: "[]" }),
  start(CSHARP, { scopes: ["im:message"] }, { scopes: ["im:message"] }),
  start(SPACED, { scopes: "docx:document im:message" }, { scopes: ["docx:document", "im:message"] }),
  start(SPACED, { scopes: ["docx:document im:message"] }, { scopes: ["docx:document", "im:message"] }),
  start(QUOTING, { scopes: "docx:document, im:message" }, { scopes: ["docx:document", "im:message"] }),
  start(QUOTING, { scopes: '["docx:document","im:message"]' }, { scopes: ["docx:document", "im:message"] }),
  start(QUOTING, { scopes: ["im:message", "im:message"] }, { scopes: ["im:message"] }),
  finish(OPENAI, { login_id: "l-1", replace: null }),
  finish(GPT, { login_id: "l-1", replace: "" }),
  finish(GO, { login_id: "l-1", replace: false }, { replace: false }),
  finish(QUOTING, { login_id: ' "l-1" ', replace: "true" }, { replace: true }),
  finish(QUOTING, { login_id: "l-1", replace: "False" }, { replace: false }),
  userToken(CREWAI, { user: null, scopes: null, min_ttl_seconds: null }, { minTtlMs: 300_000 }),
  userToken(QUOTING, { user: " ou_a ", min_ttl_seconds: "60" }, { user: "ou_a", minTtlMs: 60_000 }),
  userToken(GO, { user: "", scopes: [], min_ttl_seconds: 0 }, { minTtlMs: 0 }),
];

function ttl(client: string, min_ttl_seconds: unknown, minTtlMs: number): ClientMessage {
  return { client, name: "get_feishu_tenant_token", arguments: { min_ttl_seconds }, asked: { minTtlMs } };
}

function report(
  client: string,
  args: ClientMessage["arguments"],
  more: ClientMessage["asked"] = {},
  accessToken = "t-a",
): ClientMessage {
  return { client, name: "report_feishu_token_rejected", arguments: args, asked: { accessToken, ...more } };
}

type Args = ClientMessage["arguments"];

function start(client: string, args: Args, asked: Args = {}): ClientMessage {
  return { client, name: "start_feishu_login", arguments: args, asked };
}

function finish(client: string, args: Args, more: Args = {}): ClientMessage {
  return { client, name: "finish_feishu_login", arguments: args, asked: { loginId: "l-1", ...more } };
}

function userToken(client: string, args: Args, asked: Args): ClientMessage {
  return { client, name: "get_feishu_user_token", arguments: args, asked };
}
