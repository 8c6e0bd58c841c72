import { filesUnder } from "../../tests/e2e/files_under.ts";
import type { Canaries } from "../canaries.ts";
import type { AttackContext } from "../part.ts";
import { APP_IDS, type PlantedSecrets } from "./secret_names.ts";

/** Planted secrets, and the search for them in what programs write. */
export class Plant {
  /** What runs the part. */
  readonly context: AttackContext;
  /** The secrets, by where they go in. */
  readonly secrets: PlantedSecrets;
  /** The environment of a program that is configured with them. */
  readonly env: Readonly<Record<string, string>>;
  readonly #canaries: Canaries;

  /** @param canaries has made up the secrets. */
  constructor(
    context: AttackContext,
    canaries: Canaries,
    secrets: PlantedSecrets,
    env: Readonly<Record<string, string>>,
  ) {
    this.context = context;
    this.#canaries = canaries;
    this.secrets = secrets;
    this.env = env;
  }

  /** Notes each secret in `text`, but for those whose names begin with one of `allowed`. */
  look(where: string, text: string, allowed: readonly string[] = []): void {
    for (const { name, context: before } of this.#canaries.in(text)) {
      const isAllowed = allowed.some((each) => name.startsWith(each));
      if (!isAllowed) this.context.findings.add("secret", where, `${name}, after: ${before}`);
    }
  }

  /** The same in the names and the bytes of all files in a folder, where no App ID may be read either. */
  async lookAtFiles(where: string, folder: string): Promise<void> {
    for (const { path, bytes } of await filesUnder(folder)) {
      const name = `${where}: ${path.slice(folder.length)}`;
      this.look(name, `${path}\n${bytes}`);
      const isHidden = !APP_IDS.some((appId) => bytes.includes(appId));
      this.context.findings.expect(isHidden, "other", name, "an App ID can be read");
    }
  }
}
