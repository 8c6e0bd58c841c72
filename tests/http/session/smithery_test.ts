import assert from "node:assert/strict";
import { z } from "zod";
import { SESSION_SCHEMA } from "../../../src/http/session/session_schema.ts";
import { DEFAULT_SANDBOX_APP } from "../../../src/sandbox/sandbox_apps.ts";
import { PROGRAM_FOLDER } from "../../clients/running_server.ts";
import { readPage } from "../../docs/pages.ts";
import { ServerProcess } from "../server_process.ts";

Deno.test("smithery.yaml has the schema that the server answers", async () => {
  const text = await readPage("smithery.yaml");
  const block = /^ {2}configSchema:\n(.*?)^ {2}exampleConfig:/ms.exec(text)?.[1] ?? "";
  // A flow mapping of YAML is JSON but for the commas that `deno fmt` puts behind the last items.
  assert.deepEqual(JSON.parse(block.replaceAll(/,(?=\s*[}\]])/g, "")), SESSION_SCHEMA);
});

Deno.test("smithery.yaml gives an example of every part", async () => {
  const example = /^ {2}exampleConfig:\n((?: {4}.*\n)+)/m.exec(await readPage("smithery.yaml"))?.[1] ?? "";
  const names = [...example.matchAll(/^ {4}(\w+):/gm)].map(([, name]) => name);
  assert.deepEqual(names, Object.keys(SESSION_SCHEMA.properties));
});

Deno.test("the Dockerfile that smithery.yaml names starts a server for sessions", async () => {
  const path = /^ {2}dockerfile: (\S+)$/m.exec(await readPage("smithery.yaml"))?.[1] ?? "";
  const dockerfile = await readPage(path);
  const command = z.array(z.string()).parse(JSON.parse(/^ENTRYPOINT (.+)$/m.exec(dockerfile)?.[1] ?? ""));
  const host = /^ENV FEISHU_TOKEN_HOST=(\S+)$/m.exec(dockerfile)?.[1] ?? "";
  const args = command.slice(command.indexOf("deno") + 1).map((argument) =>
    argument === "main.ts" ? `${PROGRAM_FOLDER}/main.ts` : argument
  );
  await using server = await ServerProcess.start({
    FEISHU_TOKEN_HOST: host,
    PORT: "0",
    FEISHU_TOKEN_ALLOWED_HOSTS: "server.smithery.ai",
  }, args);
  const { appId, appSecret } = DEFAULT_SANDBOX_APP;
  const { text } = await server.call({
    host: "server.smithery.ai",
    "x-feishu-app-id": appId,
    "x-feishu-app-secret": appSecret,
  });
  assert.match(text, /"app_access_token":"t-/);
});
