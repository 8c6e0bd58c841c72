import { PROGRAM_FOLDER } from "../clients/running_server.ts";
import { python } from "./python.ts";
import { Terminal } from "./terminal.ts";
import { World } from "./world.ts";

/** What starts a task: each sends the signals of a terminal on in its own way. */
export const LAUNCHERS = ["deno run", "deno task", "npx"] as const;

/** One of {@linkcode LAUNCHERS}. */
export type Launcher = (typeof LAUNCHERS)[number];

/** What `deno run` is given for each task. */
const RUNS = {
  start: "-P=serve main.ts",
  token: "-P=serve main.ts token",
  dev: "--config deno.json -P=dev tools/dev.ts",
} as const;

/** A {@linkcode World} with a terminal. */
export class TerminalWorld implements AsyncDisposable {
  readonly world: World;
  /** The project on which commands are run. */
  readonly folder: string;
  readonly #python: string;
  readonly #terminals: Terminal[] = [];

  private constructor(world: World, python: string, folder: string) {
    this.world = world;
    this.folder = folder;
    this.#python = python;
  }

  /** `null`, said in a line, where this machine has no terminal to give. */
  static async create(folder = PROGRAM_FOLDER): Promise<TerminalWorld | null> {
    const found = Deno.build.os === "windows" ? null : await python();
    return found === null ? null : new TerminalWorld(await World.create(), found, folder);
  }

  /** Types a command: `task` by way of `launcher`, with what else stands on the line. */
  async type(launcher: Launcher, task: keyof typeof RUNS, rest: string): Promise<Terminal> {
    const deno = `"${Deno.execPath()}"`;
    const commands: Record<Launcher, string> = {
      "deno run": `${deno} run --quiet --no-prompt ${RUNS[task]} ${rest}`,
      "deno task": `${deno} task --quiet ${task} ${rest}`,
      "npx": `npx -y deno@2.9.6 task --quiet ${task} ${rest}`,
    };
    const terminal = new Terminal({
      command: commands[launcher],
      env: {
        ...await this.world.env(),
        FEISHU_TOKEN_LOG_FORMAT: "json",
        DENO_NO_UPDATE_CHECK: "1",
        // Where the real home has Deno already.
        npm_config_cache: `${Deno.env.get("HOME")}/.npm`,
        npm_config_update_notifier: "false",
      },
      cwd: this.folder,
      python: this.#python,
    });
    this.#terminals.push(terminal);
    return terminal;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const terminal of this.#terminals) await terminal[Symbol.asyncDispose]();
    await this.world[Symbol.asyncDispose]();
  }
}
