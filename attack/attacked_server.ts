import { RunError } from "../harness/run_error.ts";
import { processMemory } from "../harness/process_memory.ts";
import { Program, type ProgramStart } from "./program.ts";

/** Far beyond what a start takes on a busy machine. */
const START_WITHIN_MS = 40_000;
const LOOK_WITHIN_MS = 15_000;

/** What an {@linkcode AttackedServer} is started with. */
export interface ServerStart extends ProgramStart {
  /** The form of its log. */
  readonly logFormat?: "json" | "human";
}

/** A server over HTTP that is up. */
export class AttackedServer implements AsyncDisposable {
  /** Its process. */
  readonly program: Program;
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  /** Where it listens. */
  readonly port: number;

  private constructor(program: Program, origin: string) {
    this.program = program;
    this.origin = origin;
    this.port = Number(new URL(origin).port);
  }

  /**
   * Starts one on any free port and resolves when it listens.
   *
   * @throws RunError with its last lines when it does not.
   */
  static async start({ logFormat = "json", ...start }: ServerStart): Promise<AttackedServer> {
    const program = new Program({
      ...start,
      args: ["--port", "0", "--log-format", logFormat, ...start.args],
    });
    const found = await program.says(/\blistening\b.*(http:\/\/127\.0\.0\.1:\d+)\/mcp/, START_WITHIN_MS);
    if (found?.[1] !== undefined) return new AttackedServer(program, found[1]);
    const { stderr } = program;
    await program[Symbol.asyncDispose]();
    throw new RunError(`A server did not start:\n${stderr}`);
  }

  /** Memory that it really holds now, in MiB. Linux only, `NaN` elsewhere. */
  async residentMebibytes(): Promise<number> {
    return await processMemory(this.program.pid, "VmRSS");
  }

  /** The most memory that it has held, in MiB. Linux only, `NaN` elsewhere. */
  async peakMebibytes(): Promise<number> {
    return await processMemory(this.program.pid, "VmHWM");
  }

  /** Whether `GET /healthz` is answered with 200. */
  async isHealthy(): Promise<boolean> {
    return (await this.look("/healthz"))?.status === 200;
  }

  /** Whether `GET /readyz` is answered with 200. */
  async isReady(): Promise<boolean> {
    return (await this.look("/readyz"))?.status === 200;
  }

  /** Gets a path; `null` where no answer comes in time. */
  async look(path: string): Promise<{ readonly status: number; readonly text: string } | null> {
    try {
      const response = await fetch(this.origin + path, { signal: AbortSignal.timeout(LOOK_WITHIN_MS) });
      return { status: response.status, text: await response.text() };
    } catch {
      return null;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program[Symbol.asyncDispose]();
  }
}
