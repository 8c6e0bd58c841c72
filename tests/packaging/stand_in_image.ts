import { dirname } from "node:path";
import { imageArguments } from "../../packaging/build_image.ts";
import { PROJECT_FOLDER } from "../../tools/project_folder.ts";
import { TempFolder } from "../support/temp_folder.ts";

/** The base that the `Dockerfile` names. */
const BASE = /^FROM (\S+)$/m;
/** Of the user `deno` in that base. */
const USER_ID = 1993;
/** What the `Dockerfile` runs besides Deno, and what a test asks. */
const TOOLS = ["sh", "mkdir", "chown", "id", "ls"];
const TAG = "feishu-token-mcp:test";

/** How a program in the image ended. */
export interface ImageRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The image of the `Dockerfile`, built by buildah on a base that stands in for Deno's own, which is not to be had
 * everywhere: this machine's Deno, shell and libraries, with the user and the cache folder of the real one. Its storage is
 * a folder of its own.
 */
export class StandInImage implements AsyncDisposable {
  readonly #folder: TempFolder;
  #container = "";

  private constructor(folder: TempFolder) {
    this.#folder = folder;
  }

  /** Whether this machine can build and run one. */
  static async isPossible(): Promise<boolean> {
    if (Deno.build.os !== "linux") return false;
    try {
      await using image = new StandInImage(await TempFolder.make());
      await image.#buildah(["from", "scratch"]);
      return true;
    } catch {
      return false;
    }
  }

  /** @throws Error with what buildah said, where it fails. */
  static async build(): Promise<StandInImage> {
    const image = new StandInImage(await TempFolder.make());
    try {
      await image.#makeBase();
      await image.#buildah([
        ...["build", "--pull-never", "--network", "host", "--tag", TAG, ...imageArguments()],
        PROJECT_FOLDER,
      ]);
      image.#container = await image.#buildah(["from", "--pull-never", `localhost/${TAG}`]);
      return image;
    } catch (error) {
      await image[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** What the image starts where it is given no other command. */
  async entrypoint(): Promise<readonly string[]> {
    const inspected = JSON.parse(await this.#buildah(["inspect", "--type", "image", `localhost/${TAG}`]));
    return inspected.OCIv1.config.Entrypoint;
  }

  /** Runs `command` in a container of the image, with `stdin` as its input and on this machine's network. */
  async run(command: readonly string[], stdin = ""): Promise<ImageRun> {
    const child = new Deno.Command("buildah", {
      args: [...this.#storage(), "run", "--network", "host", this.#container, "--", ...command],
      env: ENV,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(stdin));
    await writer.close();
    const { code, stdout, stderr } = await child.output();
    const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
    return { code, stdout: text(stdout), stderr: text(stderr) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Buildah itself takes its mounts down; the layers have files of other users.
    await this.#buildah(["rm", "--all"]).catch(() => {});
    await this.#folder[Symbol.asyncDispose]();
  }

  async #makeBase(): Promise<void> {
    const root = `${this.#folder.path}/root`;
    for (const folder of ["etc", "tmp", "home/deno", "usr/bin"]) {
      await Deno.mkdir(`${root}/${folder}`, { recursive: true });
    }
    await Deno.mkdir(`${this.#folder.path}/empty`);
    await Deno.writeTextFile(`${root}/etc/passwd`, `deno:x:${USER_ID}:${USER_ID}::/home/deno:/bin/sh\n`);
    await Deno.writeTextFile(`${root}/etc/group`, `deno:x:${USER_ID}:\n`);
    await copyProgram(Deno.execPath(), "/usr/bin/deno", root);
    for (const tool of TOOLS) {
      const path = (await output("sh", ["-c", `command -v ${tool}`])).trim();
      await copyProgram(path, `/usr/bin/${tool}`, root);
    }
    await Deno.mkdir(`${root}/bin`, { recursive: true });
    await Deno.copyFile(`${root}/usr/bin/sh`, `${root}/bin/sh`);
    const authorities = Deno.env.get("NODE_EXTRA_CA_CERTS");
    if (authorities !== undefined) await Deno.copyFile(authorities, `${root}/etc/authorities.pem`);
    const container = await this.#buildah(["from", "scratch"]);
    await this.#buildah(["copy", container, root, "/"]);
    const owner = `${USER_ID}:${USER_ID}`;
    for (const folder of ["/deno-dir", "/home/deno"]) {
      await this.#buildah(["copy", "--chown", owner, container, `${this.#folder.path}/empty`, folder]);
    }
    const trust = authorities === undefined ? [] : ["--env", "NODE_EXTRA_CA_CERTS=/etc/authorities.pem"];
    await this.#buildah([
      "config",
      "--env",
      "DENO_DIR=/deno-dir",
      "--env",
      `PATH=/usr/bin:/bin`,
      ...trust,
      container,
    ]);
    const [, base = ""] = BASE.exec(await Deno.readTextFile(`${PROJECT_FOLDER}/Dockerfile`)) ?? [];
    await this.#buildah(["commit", container, `docker.io/${base}`]);
  }

  #storage(): readonly string[] {
    const { path } = this.#folder;
    return ["--root", `${path}/storage`, "--runroot", `${path}/run`, "--storage-driver", "vfs"];
  }

  async #buildah(args: readonly string[]): Promise<string> {
    return (await output("buildah", [...this.#storage(), ...args])).trim();
  }
}

/** Neither needs a kernel's help that a machine of CI may lack. */
const ENV = { BUILDAH_ISOLATION: "chroot" };

/** Copies the program at `path`, with the libraries that it loads, into `root`. */
async function copyProgram(path: string, target: string, root: string): Promise<void> {
  await copyTo(path, `${root}${target}`);
  // A program without any is no error to `ldd` alone.
  const libraries = (await output("sh", ["-c", 'ldd "$0" || true', path])).match(/\/\S+(?= \(0x)/g) ?? [];
  for (const library of libraries) await copyTo(library, `${root}${library}`);
}

async function copyTo(path: string, target: string): Promise<void> {
  await Deno.mkdir(dirname(target), { recursive: true });
  await Deno.copyFile(path, target);
}

async function output(command: string, args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    env: ENV,
    stdin: "null",
  }).output();
  if (!success) throw new Error(`${command} failed: ${new TextDecoder().decode(stderr).trim()}`);
  return new TextDecoder().decode(stdout);
}
