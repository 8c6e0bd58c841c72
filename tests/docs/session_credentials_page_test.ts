import assert from "node:assert/strict";
import { z } from "zod";
import { CREDENTIAL_HEADERS } from "../../src/http/session/read_header_source.ts";
import { setting, settingNames } from "../../src/settings.ts";
import { DEFAULT_SANDBOX_APP } from "../../src/sandbox/sandbox_apps.ts";
import { ServerProcess } from "../http/server_process.ts";
import { codeBlocks, readPage } from "./pages.ts";

const PAGE = "docs/session-credentials.md";

const ClientSchema = z.object({
  mcpServers: z.object({
    "feishu-token": z.strictObject({ url: z.url(), headers: z.record(z.string(), z.string()) }),
  }),
});

Deno.test(`${PAGE} shows the headers that are read`, async () => {
  const [block = ""] = codeBlocks(await readPage(PAGE), "json");
  const { headers } = ClientSchema.parse(JSON.parse(block)).mcpServers["feishu-token"];
  assert.deepEqual(Object.keys(headers), Object.values(CREDENTIAL_HEADERS));
});

Deno.test(`${PAGE} names variables that are settings`, async () => {
  const variables = settingNames().map((name) => setting(name).variable);
  const named = (await readPage(PAGE)).match(/\bFEISHU_[A-Z_]+/g) ?? [];
  assert.notEqual(named.length, 0);
  assert.deepEqual(named.filter((name) => !variables.includes(name)), []);
});

Deno.test(`${PAGE} starts a server for other machines`, async () => {
  const [line = ""] = codeBlocks(await readPage(PAGE), "sh");
  const match = /^((?:\w+=\S+ )+)deno task start\n$/.exec(line);
  const env = Object.fromEntries((match?.[1] ?? "").trim().split(" ").map((each) => each.split("=")));
  await using server = await ServerProcess.start({ ...env, PORT: "0" });
  const { appId, appSecret } = DEFAULT_SANDBOX_APP;
  const session = { "x-feishu-app-id": appId, "x-feishu-app-secret": appSecret };
  const [listed, other] = [
    await server.call({ ...session, host: "tokens.example.com" }),
    await server.call({ ...session, host: "other.example.com" }),
  ];
  assert.deepEqual([listed.status, other.status], [200, 403]);
  assert.match(listed.text, /"app_access_token":"t-/);
});
