import assert from "node:assert/strict";
import { z } from "zod";
import { imageArguments } from "../../packaging/build_image.ts";
import { DESCRIPTION } from "../../packaging/npm/npm_manifest.ts";
import { setting, settingNames } from "../../src/settings.ts";
import { PROJECT_FOLDER } from "../../tools/project_folder.ts";
import { VERSION_TEXT } from "../cli/version_text.ts";
import { readYaml } from "./read_yaml.ts";
import { StandInImage } from "./stand_in_image.ts";
import { VERSION } from "../../src/version.ts";
import { ListeningSandbox } from "../sandbox/served_sandbox.ts";
import { CommandHome } from "../cli/token/token_platform.ts";

const Compose = z.object({
  services: z.record(
    z.string(),
    z.object({
      build: z.string().optional(),
      ports: z.array(z.string()).optional(),
      environment: z.record(z.string(), z.string()),
      volumes: z.array(z.string()),
    }),
  ),
  volumes: z.record(z.string(), z.null()),
});

const dockerfile = await Deno.readTextFile(`${PROJECT_FOLDER}/Dockerfile`);
const isPossible = await StandInImage.isPossible();
if (!isPossible) {
  await Deno.stdout.write(
    new TextEncoder().encode("SKIPPED: no container image (buildah does not work here)\n"),
  );
}

const Entries = z.object({
  mcpServers: z.record(z.string(), z.object({ command: z.string(), args: z.array(z.string()) })),
});

Deno.test("the Dockerfile runs the server as a user who may write to /data alone, with a health check", () => {
  const instructions = dockerfile.split("\n").filter((line) => /^[A-Z]+ /.test(line));
  const user = instructions.indexOf("USER deno");
  assert.ok(user > 0);
  assert.ok(instructions.findIndex((line) => line.startsWith("COPY ")) > user);
  assert.match(dockerfile, /^RUN mkdir -m 700 \/data && chown deno:deno \/data$/m);
  assert.match(dockerfile, /^HEALTHCHECK /m);
  assert.match(dockerfile, /^ENTRYPOINT .*"-P=serve", "main\.ts"\]\nCMD \[\]$/m);
  assert.doesNotMatch(dockerfile, /^ADD |curl|--allow-all|"-A"/m);
});

Deno.test("the Dockerfile has the labels by which registries find source, version and name", () => {
  assert.ok(dockerfile.includes(`org.opencontainers.image.description="${DESCRIPTION}"`));
  const given = imageArguments().filter((each) => each !== "--build-arg").map((each) =>
    each.split("=", 1)[0]
  );
  const taken = [...dockerfile.matchAll(/^ARG (\w+)=unknown$/gm)].map(([, name]) => name);
  assert.deepEqual(given, taken);
  for (const name of taken) assert.ok(dockerfile.includes(`="$${name}"`), name);
});

Deno.test("compose.yaml serves this machine alone, and keeps records and journal in volumes", async () => {
  const { services, volumes } = Compose.parse(await readYaml("compose.yaml"));
  const { "feishu-token-mcp": server, denokv } = services;
  assert.deepEqual([server?.build, server?.ports], [".", ["127.0.0.1:8081:8081"]]);
  assert.equal(denokv?.ports, undefined);
  const mounted = Object.values(services).flatMap((each) =>
    each.volumes.map((volume) => volume.split(":")[0])
  );
  assert.deepEqual(mounted.sort(), Object.keys(volumes).sort());
  const known = new Set([...settingNames().map((name) => setting(name).variable), "DENO_KV_ACCESS_TOKEN"]);
  assert.deepEqual(Object.keys(server?.environment ?? {}).filter((name) => !known.has(name)), []);
});

Deno.test("compose.yaml fails loudly where the key or the access token is not set", async () => {
  const { services } = Compose.parse(await readYaml("compose.yaml"));
  for (const { environment } of Object.values(services)) {
    for (const [name, value] of Object.entries(environment)) {
      if (!/KEY|TOKEN$/.test(name)) continue;
      assert.equal(value, `\${${name}:?set it first, see docs/deploy.md}`);
    }
  }
  const key = services["feishu-token-mcp"]?.environment.FEISHU_TOKEN_KEY ?? "";
  // A shell reads such a value as Compose does.
  const run = (env: Record<string, string>): Promise<Deno.CommandOutput> =>
    new Deno.Command("bash", { args: ["-c", `printf %s "${key}"`], clearEnv: true, env }).output();
  const without = await run({});
  assert.notEqual(without.code, 0);
  assert.match(new TextDecoder().decode(without.stderr), /FEISHU_TOKEN_KEY: set it first/);
  assert.equal((await run({ FEISHU_TOKEN_KEY: "made-up" })).code, 0);
});

Deno.test({
  name: "the image runs as a user of its own, tells its version, and serves one client",
  ignore: !isPossible,
  async fn(): Promise<void> {
    await using image = await StandInImage.build();
    const entrypoint = await image.entrypoint();
    assert.match((await image.run([...entrypoint, "--version"])).stdout, VERSION_TEXT);
    assert.notEqual((await image.run(["id", "-u"])).stdout.trim(), "0");
    const call = {
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name: "get_feishu_tenant_token", arguments: {} },
    };
    // The program's own words as `install --form docker` writes them.
    await using sandbox = await ListeningSandbox.start();
    const { args } = await dockerLine(sandbox.url);
    const words = args.slice(args.findIndex((word) => word.endsWith(`:${VERSION}`)) + 1);
    const { stdout, stderr } = await image.run([...entrypoint, ...words], `${JSON.stringify(call)}\n`);
    assert.match(stdout, /"tenant_access_token":"t-/, stderr);
    assert.match((await image.run(["ls", "/data/feishu-token-mcp"])).stdout, /sandbox-at-\d+\.kv\n/);
    assert.notEqual((await image.run(["mkdir", "/app/new"])).code, 0);
  },
});

/** The entry that `install --form docker` writes for a sandbox. */
async function dockerLine(
  sandboxUrl: string,
): Promise<{ readonly command: string; readonly args: string[] }> {
  await using home = await CommandHome.make();
  const { stdout, stderr, exitCode } = await home.run(
    ["install", "--client", "cursor", "--print", "--form", "docker", "--sandbox-url", sandboxUrl],
  );
  assert.equal(exitCode, 0, stderr);
  const [entry] = Object.values(Entries.parse(JSON.parse(stdout)).mcpServers);
  assert(entry !== undefined);
  return entry;
}
