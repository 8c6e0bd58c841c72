import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import manifest from "../../deno.json" with { type: "json" };
import { childCommand } from "../../harness/child_command.ts";
import { FAULT_KINDS } from "../../src/sandbox/faults.ts";
import { setting, settingNames } from "../../src/settings.ts";
import { ListeningSandbox } from "../sandbox/served_sandbox.ts";
import { codeBlocks, existsBeside, readPage } from "./pages.ts";

const FIRST_STEPS = "docs/getting-started.md";
const MAIN = fileURLToPath(new URL("../../main.ts", import.meta.url));

const ClientConfiguration = z.object({
  mcpServers: z.object({
    "feishu-token": z.object({
      command: z.literal("deno"),
      args: z.array(z.string()),
      env: z.record(z.string(), z.string()),
    }),
  }),
});

Deno.test.each([["README.md"], ["README.zh-CN.md"]])("%s quotes claims that the demo makes", async (page) => {
  const claims = [...(await readPage(page)).matchAll(/^ {2}ok {4}(.+?)(?:: |：)/gm)].map(([, claim]) =>
    claim ?? ""
  );
  const demo = await readPage("src/cli/demo/show_http.ts");
  assert.notEqual(claims.length, 0);
  assert.deepEqual(claims.filter((claim) => !demo.includes(`"${claim}"`)), []);
});

Deno.test("README.md names the test command that CI runs", async () => {
  const command = "npx -y deno@2.9.6 task test";
  const readme = codeBlocks(await readPage("README.md"), "sh").flatMap((block) => block.split("\n"));
  assert.ok(readme.includes(command));
  assert.ok((await readPage(".ci/run")).includes(`\n${command} `));
});

Deno.test("getting-started.md copies a file that exists", async () => {
  const copied = [...(await readPage(FIRST_STEPS)).matchAll(/^ *cp (\S+)/gm)].map(([, path]) => path ?? "");
  assert.notEqual(copied.length, 0);
  for (const path of copied) assert.ok(await existsBeside("README.md", path), path);
});

Deno.test("getting-started.md shows a client configuration that works from any working directory", async () => {
  const folder = await Deno.makeTempDir();
  try {
    // Another project's manifest must not get between the client and this server.
    await Deno.writeTextFile(`${folder}/deno.json`, `{"permissions": {"serve": {"net": false}}}`);
    const { args, env } = await clientConfiguration();
    const server = childCommand(Deno.execPath(), {
      args: args.map((arg) => arg.endsWith("/main.ts") ? MAIN : arg),
      env: { ...env, FEISHU_TOKEN_KV: ":memory:" },
      cwd: folder,
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const writer = server.stdin.getWriter();
    await writer.write(
      new TextEncoder().encode(`${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" })}\n`),
    );
    await writer.close();
    const { stdout } = await server.output();
    assert.deepEqual(JSON.parse(new TextDecoder().decode(stdout)), { jsonrpc: "2.0", id: 1, result: {} });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("getting-started.md shows a client configuration whose variables are settings", async () => {
  const variables = settingNames().map((name) => setting(name).variable);
  const { env } = await clientConfiguration();
  assert.deepEqual(Object.keys(env).filter((name) => !variables.includes(name)), []);
});

Deno.test("the permission set serve lets every variable of the settings be read", () => {
  const variables = settingNames().flatMap((name) => setting(name).variable ?? []);
  const { env } = manifest.permissions.serve;
  assert.deepEqual(variables.filter((name) => !env.includes(name)), []);
});

Deno.test("sandbox.md names every control call of the sandbox", async () => {
  await using sandbox = await ListeningSandbox.start();
  const { json } = await sandbox.send("GET", "/_sandbox/no-such-call");
  const calls = String(json.error).match(/[A-Z]+ \/_sandbox\/\w+/g) ?? [];
  const named = (await readPage("docs/sandbox.md")).match(/`[A-Z]+ \/_sandbox\/\w+`/g) ?? [];
  assert.notEqual(calls.length, 0);
  assert.deepEqual(named.map((call) => call.slice(1, -1)).sort(), calls.sort());
});

Deno.test("sandbox.md names every kind of fault", async () => {
  const line = (await readPage("docs/sandbox.md")).split("\n\n").find((text) =>
    text.startsWith("Kinds of fault:")
  );
  assert.deepEqual(FAULT_KINDS.filter((kind) => !line?.includes(`\`${kind}\``)), []);
});

async function clientConfiguration(): Promise<
  { readonly args: string[]; readonly env: Record<string, string> }
> {
  const [block = ""] = codeBlocks(await readPage(FIRST_STEPS), "json");
  return ClientConfiguration.parse(JSON.parse(block)).mcpServers["feishu-token"];
}
