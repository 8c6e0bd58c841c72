import { dirname, join } from "node:path";
import process from "node:process";
import { npmManifest } from "../../../packaging/npm/npm_manifest.ts";
import { writeNpmFolder } from "../../../packaging/npm/npm_folder.ts";
import { TempFolder } from "../../support/temp_folder.ts";
import { runtimeEnv } from "../../compile/runtime_env.ts";

/** A folder into which the package was put as npm puts it. The Deno in it is the one that runs the tests. */
export class NpmInstallation implements AsyncDisposable {
  readonly #folder: TempFolder;

  private constructor(folder: TempFolder) {
    this.#folder = folder;
  }

  /** Puts the package there, whose server is made from `entry`. */
  static async make(entry: string): Promise<NpmInstallation> {
    const installation = new NpmInstallation(await TempFolder.make());
    const modules = `${installation.home}/node_modules`;
    await writeNpmFolder({ folder: `${modules}/feishu-token-mcp`, env: runtimeEnv(), entry });
    await Deno.mkdir(installation.denoFolder, { recursive: true });
    await Deno.writeTextFile(`${installation.denoFolder}/package.json`, "{}");
    await Deno.symlink(Deno.execPath(), `${installation.denoFolder}/deno`);
    return installation;
  }

  /** The home of the person who uses it. */
  get home(): string {
    return this.#folder.path;
  }

  /** Where npm puts the Deno of this platform. */
  get denoFolder(): string {
    const [platform, arch] = [process.platform, process.arch];
    const names = Object.keys(npmManifest().optionalDependencies ?? {});
    const name = names.find((each) => each.startsWith(`@deno/${platform}-${arch}`)) ?? "";
    return `${this.home}/node_modules/${name}`;
  }

  /** The package's command. */
  get bin(): string {
    return join(this.home, "node_modules/feishu-token-mcp/bin/feishu-token-mcp.mjs");
  }

  /** The whole environment of its user. */
  async env(): Promise<Record<string, string>> {
    return { HOME: this.home, PATH: `${dirname(await nodePath())}:/usr/bin:/bin`, TERM: "dumb" };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#folder[Symbol.asyncDispose]();
  }
}

let node: Promise<string> | undefined;

/** The Node that is on PATH. */
export function nodePath(): Promise<string> {
  return node ??= (async (): Promise<string> => {
    const { stdout } = await new Deno.Command("node", { args: ["-p", "process.execPath"] }).output();
    return new TextDecoder().decode(stdout).trim();
  })();
}
