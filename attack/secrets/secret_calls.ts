import { toolMessage } from "../ask_tool.ts";
import { APP_IDS, type PlantedSecrets } from "./secret_names.ts";

/** One request with secrets in it. */
export interface SecretCall {
  /** With its query. */
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const APP_TOKEN = toolMessage("get_feishu_app_token", {});
const TENANT_TOKEN = toolMessage("get_feishu_tenant_token", {});

/** Calls that bring secrets where they belong: each is made in each mode of Feishu. `tag` keeps logins apart. */
export function rightfulCalls(secrets: PlantedSecrets, tag: string, hasQuerySecrets: boolean): SecretCall[] {
  const headers = sessionHeaders(secrets);
  const config = base64({ app_id: "cli_cfg00000000000", app_secret: secrets["app secret in config"] });
  const inQuery = [
    `app_id=cli_qry00000000000&app_secret=${secrets["app secret in the query"]}`,
    `config=${encodeURIComponent(config)}`,
    `config.app_id=cli_dot00000000000&config.app_secret=${secrets["app secret in a dotted parameter"]}`,
  ];
  const refresh = (token: string): string =>
    toolMessage("refresh_feishu_user_token", { refresh_token: token });
  return [
    call({ body: APP_TOKEN }),
    call({ body: APP_TOKEN, headers }),
    call({ body: TENANT_TOKEN, headers }),
    call({ body: APP_TOKEN, headers: { ...headers, "x-feishu-app-id": `cli_hdr0000${tag}` } }),
    ...(hasQuerySecrets ? inQuery : []).map((query) => call({ path: `/mcp?${query}`, body: APP_TOKEN })),
    call({ body: refresh(`${secrets["refresh token that is presented"]}${tag}`), headers }),
    call({ body: refresh(secrets["refresh token of nobody"]), headers }),
    call({
      body: toolMessage("report_feishu_token_rejected", { token: secrets["refresh token of nobody"] }),
      headers,
    }),
  ];
}

/** Calls that bring secrets where none belongs. */
export function misplacedCalls(secrets: PlantedSecrets, hasQuerySecrets: boolean): SecretCall[] {
  const headers = sessionHeaders(secrets);
  const argument = secrets["argument of a tool"];
  const token = secrets["refresh token that is presented"];
  const header = secrets["app secret in a header"];
  const bodies = [
    toolMessage("refresh_feishu_user_token", { refresh_token: `${token} x` }),
    toolMessage("refresh_feishu_user_token", { refresh_token: `${token}\u200b` }),
    toolMessage("refresh_feishu_user_token", { refresh_token: [token] }),
    toolMessage("get_feishu_app_token", { app_secret: argument }),
    toolMessage("get_feishu_app_token", { [argument]: 1 }),
    toolMessage("get_feishu_app_token", { min_ttl_seconds: argument }),
    toolMessage("get_feishu_tenant_token", { min_ttl_seconds: argument }),
    toolMessage("report_feishu_token_rejected", { token, feishu_code: argument }),
    toolMessage("report_feishu_token_rejected", {
      token: `Bearer "${token}" x`,
      refresh_token: `u-${token}`,
    }),
    toolMessage("start_feishu_login", { scopes: [`${argument} (`], user: argument }),
    toolMessage("finish_feishu_login", { login_id: argument, replace: argument }),
    toolMessage("finish_feishu_login", { login_id: argument }),
    toolMessage("get_feishu_user_token", { user: argument, scopes: argument }),
    toolMessage("revoke_feishu_login", { user: argument }),
    toolMessage(argument, {}),
    toolMessage("get_feishu_app_token", argument),
    toolMessage("get_feishu_app_token", [argument]),
    JSON.stringify({ jsonrpc: "2.0", id: 1, method: argument, params: {} }),
    JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params: { protocolVersion: argument } }),
    JSON.stringify({ app_secret: argument }),
    `{"x":"${argument}`,
    `"${argument}"`,
  ];
  const wrongHeaders: Readonly<Record<string, string>>[] = [
    // App ID and App Secret exchanged.
    {
      "x-feishu-app-id": secrets["app secret in the place of the App ID"],
      "x-feishu-app-secret": "cli_a1b2c3d4e5f6a7b8",
    },
    { "x-feishu-app-id": secrets["app secret in the place of the App ID"] },
    { "x-feishu-app-id": `${header},b`, "x-feishu-app-secret": header },
    { "x-feishu-app-id": "cli_a1b2c3d4e5f6a7b8", "x-feishu-app-secret": `${header} b` },
    { "x-feishu-app-id": "cli_a1b2c3d4e5f6a7b8", "x-feishu-app-secret": header, "x-feishu-brand": header },
    { "mcp-protocol-version": secrets["protocol version"] },
    { "content-type": header },
    { accept: header },
    { origin: `http://${secrets.origin.toLowerCase()}.example` },
  ];
  const query = secrets["app secret in the query"];
  const queries = [
    `app_id=${secrets["app secret in the place of the App ID"]}&app_secret=cli_a1b2c3d4e5f6a7b8`,
    `config=${secrets["app secret in config"]}`,
    `config=${new TextEncoder().encode(`{"app_secret":"${secrets["app secret in config"]}`).toBase64()}`,
    `app_secret=${query}&app_secret=${query}`,
    `brand=${query}`,
    `config.app_secret=%22${secrets["app secret in a dotted parameter"]}`,
  ];
  const paths = [
    `/mcp/${secrets.path}`,
    `/mcp&app_secret=${secrets.path}`,
    `/mcp%3Fapp_secret=${secrets.path}`,
    `/${secrets.path}`,
  ];
  const inUrls = [
    ...queries.flatMap((each) => [
      call({ path: `/mcp?${each}`, body: APP_TOKEN }),
      ...["/", "/healthz", "/nope"].map((path) => call({ method: "GET", path: `${path}?${each}` })),
    ]),
    ...paths.flatMap((path) => [call({ path, body: APP_TOKEN }), call({ method: "GET", path })]),
  ];
  return [
    ...bodies.map((body) => call({ body, headers })),
    ...wrongHeaders.map((wrong) => call({ body: APP_TOKEN, headers: wrong })),
    ...(hasQuerySecrets ? inUrls : []),
  ];
}

function sessionHeaders(secrets: PlantedSecrets): Record<string, string> {
  return {
    "x-feishu-app-id": APP_IDS[1],
    "x-feishu-app-secret": secrets["app secret in a header"],
    authorization: `Bearer ${secrets["Authorization header"]}`,
    cookie: `a=${secrets.cookie}`,
    "mcp-session-id": secrets["session id"],
  };
}

function call(details: Partial<SecretCall>): SecretCall {
  return { path: "/mcp", method: "POST", ...details };
}

function base64(value: unknown): string {
  return new TextEncoder().encode(JSON.stringify(value)).toBase64();
}
