import assert from "node:assert/strict";
import { z } from "zod";
import { createSessionSource } from "./session_source.ts";
import { SESSION_SCHEMA } from "../../../src/http/session/session_schema.ts";
import { sessionPart } from "../../../src/http/session/session_part.ts";
import type { AppCredentials } from "../../../src/ports/feishu.ts";
import { errorCode, TOOL_NAMES } from "../../clients/expected_answers.ts";
import {
  createTestServer,
  mcpRequest,
  type TestServer,
  toolCall,
  withClient,
} from "../../mcp/test_server.ts";

const PING = { jsonrpc: "2.0", id: 1, method: "ping" };
const PAIR = { "x-feishu-app-id": "cli_mine", "x-feishu-app-secret": "planted-secret" };

const RefusalSchema = z.object({
  jsonrpc: z.literal("2.0"),
  id: z.null(),
  error: z.object({
    code: z.number(),
    message: z.string(),
    data: z.object({ problems: z.array(z.string()) }),
  }),
});

/** A server with session credentials, and those that its tools asked for. */
function sessionServer(): TestServer & { readonly used: AppCredentials[] } {
  const used: AppCredentials[] = [];
  const read = createSessionSource();
  const server = createTestServer({
    credentials: (request, log) => {
      const source = read(request, log);
      return () => {
        const credentials = source();
        used.push(credentials);
        return credentials;
      };
    },
  });
  return { ...server, used };
}

/** `app`, called with these headers and this query as a client that is configured with them does. */
function configured(
  { app }: TestServer,
  headers: Readonly<Record<string, string>>,
  query = "",
): TestServer["app"] {
  return (request) => {
    const sent = new Request(`${request.url}${query}`, request);
    for (const [name, value] of Object.entries(headers)) sent.headers.set(name, value);
    return app(sent);
  };
}

Deno.test("createHttpApp() serves the official client with the credentials of its headers", async () => {
  const server = sessionServer();
  const result = await withClient(
    configured(server, PAIR),
    (client) => client.callTool({ name: "get_feishu_app_token" }),
  );
  assert.notEqual(result.isError, true);
  assert.deepEqual(server.used.map(({ appId }) => appId), ["cli_mine"]);
});

Deno.test("createHttpApp() serves the official client with the credentials of its address", async () => {
  const server = sessionServer();
  const config = new TextEncoder().encode('{"app_id":"cli_mine","app_secret":"planted-secret"}').toBase64();
  await withClient(
    configured(server, {}, `?config=${encodeURIComponent(config)}`),
    (client) => client.callTool({ name: "get_feishu_app_token" }),
  );
  assert.deepEqual(server.used.map(({ appId }) => appId), ["cli_mine"]);
});

Deno.test("createHttpApp() tells the official client which half is missing, and lists its tools", async () => {
  const server = sessionServer();
  const { tools, result } = await withClient(
    configured(server, { "x-feishu-app-id": "cli_mine" }),
    async (client) => ({
      tools: (await client.listTools()).tools,
      result: await client.callTool({ name: "get_feishu_app_token" }),
    }),
  );
  assert.deepEqual([tools.length, errorCode(result)], [TOOL_NAMES.length, "credentials_incomplete"]);
  assert.match(JSON.stringify(result), /X-Feishu-App-Secret is missing from the headers/);
});

Deno.test("createHttpApp() answers half a pair with status 200", async () => {
  const { app } = sessionServer();
  const headers = { "x-feishu-app-secret": "planted-secret" };
  const response = await app(mcpRequest(toolCall("get_feishu_app_token"), { headers }));
  const text = await response.text();
  assert.equal(response.status, 200);
  assert.match(text, /X-Feishu-App-Id is missing from the headers/);
  assert.doesNotMatch(text, /planted/);
});

Deno.test("createHttpApp() answers 422 with every problem when the session cannot be read", async () => {
  const server = sessionServer();
  const app = configured(
    server,
    { "x-feishu-brand": "planted" },
    "?config=planted!&app_id=planted%20planted",
  );
  const response = await app(mcpRequest(PING));
  const text = await response.text();
  const { error } = RefusalSchema.parse(JSON.parse(text));
  assert.deepEqual([response.status, error.code], [422, -32000]);
  assert.deepEqual(error.data.problems, [
    "X-Feishu-Brand must be feishu or lark",
    "app_id must consist of ASCII characters, without blanks and control characters",
    "config must be base64 or base64url",
  ]);
  assert.equal(error.message, `Session configuration refused: ${error.data.problems.join("; ")}`);
  assert.doesNotMatch(text, /planted/);
});

Deno.test("createHttpApp() answers 422 with a problem outside of /mcp", async () => {
  const { app } = sessionServer();
  const response = await app(new Request("http://localhost/?config=planted!"));
  assert.deepEqual([response.status, response.headers.get("content-type"), await response.json()], [
    422,
    "application/problem+json",
    {
      type: "about:blank",
      title: "Unprocessable Content",
      status: 422,
      detail: "Session configuration refused: config must be base64 or base64url",
      problems: ["config must be base64 or base64url"],
    },
  ]);
});

Deno.test("createHttpApp() does not read the body of a request whose session is refused", async () => {
  const { app } = sessionServer();
  const request = mcpRequest(PING, { headers: { "x-feishu-brand": "x" } });
  await app(request);
  assert.equal(request.bodyUsed, false);
});

Deno.test("createHttpApp() writes nothing of a query or of session headers into its log", async () => {
  const server = sessionServer();
  let refused = 0;
  const queries = [
    "?app_id=cli_planted&app_secret=planted-secret",
    "?app_id=cli_planted",
    "?config=planted!",
    "?app_id=planted%00&brand=planted&planted=planted",
  ];
  for (const query of queries) {
    for (const headers of [{}, PAIR]) {
      const answer = await configured(server, headers, query)(mcpRequest(toolCall("get_feishu_app_token")));
      if (answer.status === 422) refused += 1;
    }
  }
  assert.equal(refused, 4);
  assert.match(
    String(server.log.only("session configuration refused").fields["problems"]),
    /^config must be/,
  );
  assert.doesNotMatch(JSON.stringify(server.log.lines), /planted/);
});

Deno.test("createHttpApp() shows the schema of the session configuration", async () => {
  const { app } = createTestServer();
  const response = await app(new Request("http://localhost/.well-known/mcp-config"));
  assert.deepEqual([response.status, response.headers.get("content-type")], [
    200,
    "application/schema+json",
  ]);
  assert.deepEqual(await response.json(), SESSION_SCHEMA);
});

Deno.test("createHttpApp() guards the schema of the session configuration", async () => {
  const { app } = createTestServer();
  const url = "http://localhost/.well-known/mcp-config";
  const foreign = await app(new Request(url, { headers: { host: "evil.com" } }));
  const posted = await app(new Request(url, { method: "POST" }));
  assert.deepEqual([foreign.status, posted.status], [403, 405]);
});

Deno.test("SESSION_SCHEMA names parts that are read, from the query and from its headers", async () => {
  const properties = Object.entries(SESSION_SCHEMA.properties);
  const values = { app_id: "cli_mine", app_secret: "planted-secret", brand: "lark" };
  assert.deepEqual(properties.map(([name]) => sessionPart(name)), Object.keys(values));
  const server = sessionServer();
  const headers = Object.fromEntries(
    properties.map((
      [name, { "x-from": { header } }],
    ) => [header, new Map(Object.entries(values)).get(name) ?? ""]),
  );
  await configured(server, headers)(mcpRequest(toolCall("get_feishu_app_token")));
  await configured(server, {}, `?${new URLSearchParams(values)}`)(
    mcpRequest(toolCall("get_feishu_app_token")),
  );
  assert.deepEqual(
    server.used.map(({ brand, appId, appSecret }) => [brand, appId, appSecret.reveal()]),
    [["lark", "cli_mine", "planted-secret"], ["lark", "cli_mine", "planted-secret"]],
  );
});
