import { fileURLToPath } from "node:url";
import { childCommand } from "../harness/child_command.ts";
import { processMemory } from "../harness/process_memory.ts";
import { runCommand } from "../harness/run_command.ts";

/** Folder of the project. */
export const PROJECT_FOLDER: string = fileURLToPath(new URL("..", import.meta.url));

/** Linux counts processor time in these. */
const TICKS_PER_SECOND = 100;

/** A server under test, in a process of its own. */
export class ServerProcess {
  readonly #child: Deno.ChildProcess;
  readonly #drained: Promise<void>;
  /** The address it printed. */
  readonly url: string;

  private constructor(child: Deno.ChildProcess, url: string, drained: Promise<void>) {
    this.#child = child;
    this.url = url;
    this.#drained = drained;
  }

  /**
   * Starts Deno with `args`, and with `env` added to the environment, and resolves once it has printed an address that
   * `pattern` finds.
   *
   * @throws Error when it ends before that.
   */
  static async start(
    args: readonly string[],
    pattern: RegExp,
    env: Readonly<Record<string, string>> = {},
  ): Promise<ServerProcess> {
    const child = childCommand(Deno.execPath(), {
      args: ["run", "--quiet", "--no-prompt", ...args],
      cwd: PROJECT_FOLDER,
      env: { ...env },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const found = Promise.withResolvers<string>();
    let isFound = false;
    let text = "";
    const drained = (async (): Promise<void> => {
      // Read to the end, since a full pipe would stop the server, but searched only at the beginning.
      for await (const chunk of child.stderr) {
        if (isFound) continue;
        text += new TextDecoder().decode(chunk);
        const url = pattern.exec(text)?.[1];
        if (url === undefined) continue;
        isFound = true;
        found.resolve(url);
      }
      found.reject(new Error(`The server ended before it listened: ${text}`));
    })();
    return new ServerProcess(child, await found.promise, drained);
  }

  /** Memory that it really holds now, in MiB. Linux only, `NaN` elsewhere. */
  async residentMebibytes(): Promise<number> {
    return await processMemory(this.#child.pid, "VmRSS");
  }

  /** The most memory that it has held since its start, in MiB. Linux only, `NaN` elsewhere. */
  async peakMebibytes(): Promise<number> {
    return await processMemory(this.#child.pid, "VmHWM");
  }

  /** Processor time that it has used so far, on all cores, in microseconds. Linux only, `NaN` elsewhere. */
  async processorMicroseconds(): Promise<number> {
    // The name, in parentheses, may hold anything; user and system time are the 12th and 13th fields after it.
    const fields = (await this.#proc("stat")).split(") ").at(-1)?.split(" ") ?? [];
    return (Number(fields[11] ?? NaN) + Number(fields[12] ?? NaN)) * (1_000_000 / TICKS_PER_SECOND);
  }

  /** Ends it. */
  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.#child.status;
    await this.#drained;
  }

  async #proc(file: string): Promise<string> {
    if (Deno.build.os !== "linux") return "";
    // Deno gives the files of other processes only to a program that may do everything.
    return (await runCommand("cat", [`/proc/${this.#child.pid}/${file}`])).output;
  }
}
