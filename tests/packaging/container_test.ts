import assert from "node:assert/strict";
import { z } from "zod";
import { imageArguments, imageBuilder } from "../../packaging/build_image.ts";
import { DESCRIPTION } from "../../packaging/npm/npm_manifest.ts";
import { setting, settingNames } from "../../src/settings.ts";
import { PROJECT_FOLDER } from "../../tools/project_folder.ts";
import { VERSION_TEXT } from "../cli/version_text.ts";
import { readYaml } from "./read_yaml.ts";

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
const builder = await imageBuilder();
if (builder === undefined) {
  await Deno.stdout.write(
    new TextEncoder().encode("SKIPPED: no container image (neither buildah nor docker works here)\n"),
  );
}

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
  name: "the image tells its version and does not run as root",
  ignore: builder === undefined,
  async fn(): Promise<void> {
    const program = builder ?? "docker";
    const tag = "feishu-token-mcp:test";
    const build = await new Deno.Command(program, {
      args: ["build", "--tag", tag, ...imageArguments(), PROJECT_FOLDER],
    })
      .output();
    const said = new TextDecoder().decode(build.stderr);
    if (!build.success && /registry|lookup|pull/i.test(said)) {
      await Deno.stdout.write(new TextEncoder().encode("SKIPPED: the base image cannot be had\n"));
      return;
    }
    assert.ok(build.success, said);
    // Buildah builds, and leaves running to others.
    if (program !== "docker") return;
    const version = await new Deno.Command(program, { args: ["run", "--rm", tag, "--version"] }).output();
    assert.match(new TextDecoder().decode(version.stdout), VERSION_TEXT);
    const id = await new Deno.Command(program, { args: ["run", "--rm", "--entrypoint", "id", tag, "-u"] })
      .output();
    assert.notEqual(new TextDecoder().decode(id.stdout).trim(), "0");
  },
});
