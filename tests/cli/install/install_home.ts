import { fileURLToPath } from "node:url";
import { hostEnvironment } from "../../clients/host_environment.ts";
import { TempFolder } from "../../support/temp_folder.ts";
import { type CommandEnd, CommandHome, type Surroundings } from "../token/token_platform.ts";

const MAIN = new URL("../../../main.ts", import.meta.url).href;

/** Where `main.ts` is. */
export const MAIN_PATH = fileURLToPath(MAIN);

/** A home with blanks and Chinese characters, from which the program itself is installed, and its `PATH`. */
export class InstallHome implements AsyncDisposable {
  /** The home directory. */
  readonly path: string;
  /** The only folder of `PATH`, empty at first: there is neither Node nor Deno. */
  readonly bin: string;
  readonly #folder: TempFolder;
  readonly #command: CommandHome;

  private constructor(folder: TempFolder, command: CommandHome) {
    this.#folder = folder;
    this.#command = command;
    this.path = `${folder.path}/小明 的 home`;
    this.bin = `${folder.path}/bin`;
  }

  static async make(): Promise<InstallHome> {
    const home = new InstallHome(await TempFolder.make(), await CommandHome.make());
    await Deno.mkdir(home.path);
    await Deno.mkdir(home.bin);
    return home;
  }

  /** Runs a command line; `surroundings.env` is added to what a desktop program has. */
  async run(args: readonly string[], surroundings: Surroundings = {}): Promise<CommandEnd> {
    const env = { ...await hostEnvironment(this.path), PATH: this.bin, ...surroundings.env };
    const self = { execPath: Deno.execPath(), mainModule: MAIN, isBinary: false, cwd: this.path };
    return await this.#command.run(args, { self, ...surroundings, env });
  }

  /** Puts a program on `PATH`: a shell script. Its arguments are noted in `NAME.args` of the home, one a line. */
  async program(name: string, script = ""): Promise<void> {
    const text = `#!/bin/sh\nfor word in "$@"; do echo "$word"; done >> "$HOME/${name}.args"\n${script}\n`;
    await Deno.writeTextFile(`${this.bin}/${name}`, text, { mode: 0o755 });
  }

  /** Writes a file of the home. */
  async write(path: string, text: string): Promise<string> {
    const full = `${this.path}/${path}`;
    await Deno.mkdir(full.slice(0, full.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(full, text);
    return full;
  }

  /** Reads a file of the home; `undefined` where there is none. */
  async read(path: string): Promise<string | undefined> {
    return await Deno.readTextFile(`${this.path}/${path}`).catch(() => undefined);
  }

  /** Every file of the home. */
  async files(folder = ""): Promise<string[]> {
    const names: string[] = [];
    for await (const { name, isDirectory } of Deno.readDir(`${this.path}/${folder}`)) {
      names.push(...isDirectory ? await this.files(`${folder}${name}/`) : [`${folder}${name}`]);
    }
    return names.toSorted();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#folder[Symbol.asyncDispose]();
    await this.#command[Symbol.asyncDispose]();
  }
}
