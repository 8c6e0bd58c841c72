import { startMain } from "./children.ts";
import { RunError } from "./run_error.ts";
import { LogLines } from "./log_lines.ts";

/** The simulated Feishu, in a process of its own. */
export class SandboxProgram implements AsyncDisposable {
  /** Its origin. */
  readonly url: string;
  readonly #child: Deno.ChildProcess;
  readonly #over: Promise<unknown>;

  private constructor(url: string, child: Deno.ChildProcess, over: Promise<unknown>) {
    this.url = url;
    this.#child = child;
    this.#over = over;
  }

  /** Starts it on any free port. @throws RunError with what it wrote when it does not start. */
  static async start(env: Readonly<Record<string, string>>): Promise<SandboxProgram> {
    const child = startMain(["sandbox", "--port", "0"], env);
    const ready = Promise.withResolvers<string>();
    const log = new LogLines(child.stderr, (line) => {
      const url = /^sandbox (http:\S+)/.exec(line)?.[1];
      if (url !== undefined) ready.resolve(url);
    });
    log.over.then(() => ready.reject(new RunError(`The sandbox did not start:\n${log.text}`)));
    await child.stdin.close();
    const silent = child.stdout.pipeTo(new WritableStream());
    return new SandboxProgram(await ready.promise, child, Promise.all([child.status, log.over, silent]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
    await this.#over;
  }
}
