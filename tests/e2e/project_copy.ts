import { cp } from "node:fs/promises";
import { PROGRAM_FOLDER } from "../clients/running_server.ts";
import { TempFolder } from "../support/temp_folder.ts";

/** What `deno task dev` needs of the project. */
const PARTS = ["deno.json", "deno.lock", "main.ts", "src", "tools"];

/** A copy of the project whose sources a test may change. */
export class ProjectCopy implements AsyncDisposable {
  readonly #folder: TempFolder;

  private constructor(folder: TempFolder) {
    this.#folder = folder;
  }

  static async make(): Promise<ProjectCopy> {
    const folder = await TempFolder.make();
    for (const part of PARTS) {
      await cp(`${PROGRAM_FOLDER}/${part}`, `${folder.path}/${part}`, { recursive: true });
    }
    return new ProjectCopy(folder);
  }

  get path(): string {
    return this.#folder.path;
  }

  /** Saves a source file, with `text` at its end. */
  async save(text: string, file = "src/version.ts"): Promise<void> {
    await Deno.writeTextFile(`${this.path}/${file}`, `${text}\n`, { append: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#folder[Symbol.asyncDispose]();
  }
}
