import { fileURLToPath } from "node:url";
import { endingWithThis } from "../../harness/child_command.ts";
import { type DemoProgram, startProgram } from "../../src/cli/demo/demo_program.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { hostEnvironment } from "./host_environment.ts";

/** The program's folder. */
export const PROGRAM_FOLDER = fileURLToPath(new URL("../../", import.meta.url)).replace(/[/\\]$/, "");

/** What starts the program, before its own arguments: Deno's, as in its tasks. */
export const PROGRAM_ARGS = ["run", "--quiet", "--no-prompt", "-P=serve", `${PROGRAM_FOLDER}/main.ts`];

/** A server process over HTTP, on a sandbox of its own and with a home that is removed with it. */
export class RunningServer implements AsyncDisposable {
  /** Its MCP endpoint. */
  readonly url: string;
  readonly #program: DemoProgram;
  readonly #home: TempFolder;

  private constructor(program: DemoProgram, home: TempFolder) {
    this.url = program.url;
    this.#program = program;
    this.#home = home;
  }

  /** Starts one on `port`, which is any free one unless given. `settings` are variables besides those of any host. */
  static async start(port = 0, settings: Readonly<Record<string, string>> = {}): Promise<RunningServer> {
    const home = await TempFolder.make();
    const args = [
      ...["--sandbox", "--sandbox-port", "0", "--port", String(port)],
      ...["--kv", `${home.path}/tokens.kv`, "--log-format", "json"],
    ];
    const env = { ...await hostEnvironment(home.path), ...settings };
    const self = { ...endingWithThis({ command: Deno.execPath(), args: PROGRAM_ARGS }), env };
    const program = await startProgram(self, new ManualClock(), args, /"url":"(http:\/\/[^"]+)"/);
    return new RunningServer(program, home);
  }

  /** The address of its sandbox. */
  get sandboxUrl(): string {
    const url = /sandbox (http:\S+)/.exec(this.#program.log())?.[1];
    if (url === undefined) throw new Error("The server has not named its sandbox");
    return url;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program.end("SIGTERM");
    await this.#home[Symbol.asyncDispose]();
  }
}
