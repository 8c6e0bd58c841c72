import { OUTSIDE_NAMES } from "../src/outside_names.ts";
import { VERSION } from "../src/version.ts";
import { PROJECT_FOLDER } from "../tools/project_folder.ts";

/** The install script of this version: `install.sh` with the version and the address of the releases. */
export async function installScript(): Promise<string> {
  const text = await Deno.readTextFile(`${PROJECT_FOLDER}/packaging/install.sh`);
  return text.replaceAll("VERSION_OF_RELEASE", VERSION).replaceAll(
    "ADDRESS_OF_RELEASES",
    OUTSIDE_NAMES.releases,
  );
}
