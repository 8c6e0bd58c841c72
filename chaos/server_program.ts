import { startMain } from "../harness/children.ts";
import { ChaosError } from "./chaos_error.ts";
import type { Door } from "./door.ts";
import { HttpDoor } from "./http_door.ts";
import type { Life } from "./checker/life.ts";
import { LogLines } from "../harness/log_lines.ts";
import { ownAddressModule } from "../harness/own_address_module.ts";
import { StdioDoor } from "./stdio_door.ts";
import { type Question, questionMessage, readToolAnswer, type ToolAnswer } from "./tool_answer.ts";

const LISTENING = /"event":"listening","url":"([^"]+)"/;
const SERVING_STDIO = /"event":"serving one MCP client/;

/** What a {@linkcode ServerProgram} is started with. */
export interface ServerStart {
  /** Its place in the history. */
  readonly life: Life;
  /** Whether it serves its standard streams instead of HTTP. */
  readonly isStdio: boolean;
  /** The common address of the simulated Feishu. */
  readonly feishuUrl: string;
  /** Its own address there, to which its requests go. */
  readonly ownUrl: string;
  /** As `--kv` takes it. */
  readonly kv: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Called with each line that it logs. */
  readonly onLine: (line: string) => void;
}

/** One process of the server. */
export class ServerProgram {
  /** Its place in the history. */
  readonly life: Life;
  readonly #child: Deno.ChildProcess;
  readonly #door: Door;
  readonly #log: LogLines;
  readonly #over: Promise<unknown>;
  #lastId = 0;

  private constructor(
    life: Life,
    child: Deno.ChildProcess,
    door: Door,
    log: LogLines,
    over: Promise<unknown>,
  ) {
    this.life = life;
    this.#child = child;
    this.#door = door;
    this.#log = log;
    this.#over = over;
  }

  /**
   * Starts one and resolves when it can be asked.
   *
   * @throws ChaosError with its last lines when it ends before that.
   */
  static async start(
    { life, isStdio, feishuUrl, ownUrl, kv, env, onLine }: ServerStart,
  ): Promise<ServerProgram> {
    const args = [
      ...(isStdio ? ["--stdio"] : ["--port", "0"]),
      ...["--sandbox-url", feishuUrl, "--kv", kv, "--log-format", "json"],
    ];
    const child = startMain(args, env, [], ownAddressModule(feishuUrl, ownUrl));
    const ready = Promise.withResolvers<string>();
    const log = new LogLines(child.stderr, (line) => {
      const found = (isStdio ? SERVING_STDIO : LISTENING).exec(line);
      if (found !== null) ready.resolve(found[1] ?? "");
      onLine(line);
    });
    log.over.then(() => ready.reject(new ChaosError(`A server did not start:\n${log.text}`)));
    try {
      const url = await ready.promise;
      if (isStdio) {
        const door = await StdioDoor.open(child);
        return new ServerProgram(life, child, door, log, Promise.all([child.status, log.over, door.over]));
      }
      await child.stdin.close();
      const silent = child.stdout.pipeTo(new WritableStream());
      return new ServerProgram(
        life,
        child,
        new HttpDoor(url),
        log,
        Promise.all([child.status, log.over, silent]),
      );
    } catch (error) {
      await Promise.allSettled([child.status, log.over]);
      throw error;
    }
  }

  /** Whether it has not been killed. */
  get isAlive(): boolean {
    return this.life.killedMs === undefined;
  }

  /** Whether SIGSTOP keeps it. */
  get isStopped(): boolean {
    const last = this.life.stops.at(-1);
    return last !== undefined && last.toMs === undefined;
  }

  /** Its last log lines. */
  get log(): LogLines {
    return this.#log;
  }

  /** Asks it. Never rejects: `killed` where the process is killed meanwhile, `none` where no answer comes in time. */
  async ask(question: Question, signal: AbortSignal): Promise<ToolAnswer> {
    this.#lastId++;
    try {
      return readToolAnswer(
        await this.#door.ask(questionMessage(question, this.#lastId), this.#lastId, signal),
      );
    } catch (error) {
      if (!this.isAlive) return { kind: "killed" };
      if (signal.aborted) return { kind: "none" };
      return {
        kind: "error",
        code: `unreadable (${error instanceof Error ? error.message : String(error)})`,
      };
    }
  }

  /** Ends it with SIGKILL; resolves when it is gone. */
  async kill(): Promise<void> {
    this.life.killedMs ??= performance.now();
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended by itself; its start or its log says why.
    }
    await this.#over.catch(() => {});
  }

  /** Stops it with SIGSTOP. */
  stop(): void {
    this.life.stops.push({ fromMs: performance.now() });
    this.#signal("SIGSTOP");
  }

  /** Lets it go on with SIGCONT. */
  goOn(): void {
    const stop = this.life.stops.at(-1);
    if (stop === undefined) return;
    stop.toMs = performance.now();
    this.#signal("SIGCONT");
  }

  #signal(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch {
      // It was killed meanwhile.
    }
  }
}
