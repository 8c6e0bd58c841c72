import { fileURLToPath } from "node:url";
import { childCommand } from "../../harness/child_command.ts";
import { processMemory } from "../../harness/process_memory.ts";
import { RunError } from "../../harness/run_error.ts";

const PROGRAM = fileURLToPath(new URL("../../bench/bare_server.ts", import.meta.url));

/** Deno's own HTTP server with the least handler, as a measure of what Deno costs. It waits for each body. */
export class BareServer implements AsyncDisposable {
  /** Where it listens. */
  readonly port: number;
  readonly #child: Deno.ChildProcess;

  private constructor(child: Deno.ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  /**
   * Starts one on any free port.
   *
   * @throws RunError when it does not say where it listens.
   */
  static async start(): Promise<BareServer> {
    const child = childCommand(Deno.execPath(), {
      args: ["run", "--quiet", "--no-prompt", "--allow-net=127.0.0.1", PROGRAM],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const lines = child.stderr.pipeThrough(new TextDecoderStream());
    const reader = lines.getReader();
    const { value = "" } = await reader.read();
    // It complains of every body that never came.
    void (async () => {
      while (!(await reader.read()).done);
    })();
    const [, port] = /"url":"http:\/\/127\.0\.0\.1:(\d+)/.exec(value) ?? [];
    if (port === undefined) throw new RunError(`The bare server did not start: ${value}`);
    return new BareServer(child, Number(port));
  }

  /** Memory that it really holds now, in MiB. Linux only, `NaN` elsewhere. */
  async residentMebibytes(): Promise<number> {
    return await processMemory(this.#child.pid, "VmRSS");
  }

  /** The most memory that it has held, in MiB. Linux only, `NaN` elsewhere. */
  async peakMebibytes(): Promise<number> {
    return await processMemory(this.#child.pid, "VmHWM");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.status;
  }
}
