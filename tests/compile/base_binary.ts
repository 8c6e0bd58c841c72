import { PROJECT_FOLDER } from "../../tools/project_folder.ts";

/**
 * The base runtime for `deno compile` that this machine has: `DENORT_BIN`, else what `../shared/denort/unpack` beside
 * the repository gives. `undefined`, and one line that says so, where there is none.
 */
export async function findBaseBinary(): Promise<string | undefined> {
  const given = Deno.env.get("DENORT_BIN");
  if (given) return given;
  try {
    const { success, stdout } = await new Deno.Command(`${PROJECT_FOLDER}/../shared/denort/unpack`).output();
    if (success) return new TextDecoder().decode(stdout).trim();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  await Deno.stdout.write(new TextEncoder().encode("SKIPPED: no denort\n"));
  return undefined;
}
