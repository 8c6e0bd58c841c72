import { OUTSIDE_NAMES } from "../src/outside_names.ts";
import { VERSION } from "../src/version.ts";
import { PROJECT_FOLDER } from "../tools/project_folder.ts";

/** Programs that build images, in the order of preference. */
const BUILDERS = ["buildah", "docker"] as const;

/** How the build of an image ended. */
export type ImageBuild =
  | { readonly path: string; readonly reason?: undefined }
  | { readonly path?: undefined; readonly reason: string };

/** The program of this machine that can build images; `undefined` where there is none that works. */
export async function imageBuilder(): Promise<typeof BUILDERS[number] | undefined> {
  for (const builder of BUILDERS) {
    // Docker's command is of no use without its daemon.
    if ((await run(builder, ["info"])).success) return builder;
  }
  return undefined;
}

/** Builds the container image of the `Dockerfile` into an archive at `path`, where this machine can. */
export async function buildImage(path: string, env: Readonly<Record<string, string>>): Promise<ImageBuild> {
  const builder = await imageBuilder();
  if (builder === undefined) return { reason: "neither buildah nor docker works here" };
  const tag = `${OUTSIDE_NAMES.image}:${VERSION}`;
  const built = await run(builder, ["build", "--tag", tag, ...imageArguments(), PROJECT_FOLDER], env);
  if (!built.success) return { reason: `${builder} build failed: ${lastLine(built.stderr)}` };
  const saved = builder === "docker"
    ? await run(builder, ["save", "--output", path, tag], env)
    : await run(builder, ["push", tag, `docker-archive:${path}:${tag}`], env);
  return saved.success ? { path } : { reason: `${builder} cannot save the image: ${lastLine(saved.stderr)}` };
}

/** The values of the `Dockerfile`'s arguments, for the command line of a build. */
export function imageArguments(): readonly string[] {
  const { repository, mcpName } = OUTSIDE_NAMES;
  return [`VERSION=${VERSION}`, `SOURCE=${repository}`, `MCP_NAME=${mcpName}`].flatMap((
    each,
  ) => ["--build-arg", each]);
}

async function run(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly success: boolean; readonly stderr: Uint8Array }> {
  try {
    return await new Deno.Command(command, { args: [...args], env: { ...env }, stdin: "null" }).output();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { success: false, stderr: new Uint8Array() };
    throw error;
  }
}

function lastLine(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).trim().split("\n").at(-1) ?? "";
}
