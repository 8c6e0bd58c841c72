import assert from "node:assert/strict";
import { DEFAULT_SANDBOX_APP } from "../../src/sandbox/sandbox_apps.ts";
import { ListeningSandbox } from "../sandbox/served_sandbox.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { assertAppToken, errorCode, TOOL_NAMES } from "./expected_answers.ts";
import { hostEnvironment } from "./host_environment.ts";
import { OfficialClient } from "./official_client.ts";
import { PROGRAM_FOLDER, RunningServer } from "./running_server.ts";
import { readSnippets, type Snippet } from "./snippets.ts";

const PLACEHOLDER = "/path/to/feishu-token-mcp";
const DOCUMENTED_URL = "http://127.0.0.1:8081/mcp";

type StdioSnippet = Extract<Snippet, { readonly kind: "stdio" }>;

const snippets = await readSnippets();

Deno.test("docs/clients.md has a way for every client", () => {
  assert.deepEqual(snippets.map(({ host, kind }) => `${host}: ${kind}`), [
    "Claude Desktop: stdio",
    "Claude Code: stdio",
    "Claude Code: http",
    "Claude Code: stdio",
    "Claude Code: http",
    "Cursor: stdio",
    "Cursor: http",
    "VS Code: stdio",
    "VS Code: http",
    "Trae: stdio",
    "Trae: http",
  ]);
});

for (const [index, snippet] of snippets.entries()) {
  const title = `${snippet.host}, way ${index + 1} (${snippet.kind})`;
  if (snippet.kind === "stdio") {
    Deno.test(`${title} gets a token`, () => startAndCall(snippet, DEFAULT_SANDBOX_APP, assertAppToken));
  } else {
    Deno.test(`${title} gets a token`, async () => {
      assert.equal(snippet.url, DOCUMENTED_URL);
      await using server = await RunningServer.start();
      await using client = await OfficialClient.overHttp(server.url);
      assert.deepEqual(await client.toolNames(), TOOL_NAMES);
      assertAppToken(await client.call("get_feishu_app_token"));
    });
  }
}

Deno.test("a client with made-up credentials is told that Feishu refuses them", async () => {
  const [snippet] = snippets;
  assert.ok(snippet?.kind === "stdio");
  await startAndCall(snippet, { appId: "cli_made_up", appSecret: "made-up" }, (result) => {
    assert.equal(errorCode(result), "credentials_refused");
  });
});

/** Starts `snippet` as its host would, Feishu being a sandbox, and hands the answer of a tool call to `check`. */
async function startAndCall(
  { command, args, env }: StdioSnippet,
  app: { readonly appId: string; readonly appSecret: string },
  check: (result: unknown) => void,
): Promise<void> {
  await using sandbox = await ListeningSandbox.start();
  await using home = await TempFolder.make();
  // Whatever stands for a value, a host would have replaced it.
  assert.deepEqual(Object.keys(env), ["FEISHU_APP_ID", "FEISHU_APP_SECRET"]);
  await using client = await OfficialClient.overStdio({
    command,
    args: args.map((argument) => argument.replace(PLACEHOLDER, PROGRAM_FOLDER)),
    env: {
      ...await hostEnvironment(home.path),
      FEISHU_APP_ID: app.appId,
      FEISHU_APP_SECRET: app.appSecret,
      FEISHU_BASE_URL: sandbox.url,
    },
    cwd: "/",
  });
  assert.deepEqual(await client.toolNames(), TOOL_NAMES);
  check(await client.call("get_feishu_app_token"));
}
