import { startMain } from "../harness/children.ts";
import { LogLines } from "../harness/log_lines.ts";
import { pause } from "../harness/pause.ts";

/** What a {@linkcode Program} is started with. */
export interface ProgramStart {
  /** Of the program itself. */
  readonly args: readonly string[];
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** A program, with its first arguments, that becomes Deno with the rest of them. */
  readonly wrapper?: readonly string[];
  /** Whether its standard output stays unread. */
  readonly hasUnreadOutput?: boolean;
  /** Whether its standard error stays unread. */
  readonly hasUnreadError?: boolean;
  /** Called with each line of standard error. */
  readonly onLine?: (line: string) => void;
}

/** How a program ended. */
export interface ProgramEnd {
  readonly code: number;
  readonly signal: Deno.Signal | null;
  /** How long that took since it was waited for, in milliseconds. */
  readonly tookMs: number;
}

/** For a program that is killed in the hardest way. */
const KILLED_WITHIN_MS = 10_000;
const READ_WITHIN_MS = 1_000;
const LOOK_EVERY_MS = 10;

/** A process of `main.ts`. It is killed at the end of the block that made it. */
export class Program implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #error: LogLines | null;
  readonly #output: LogLines | null;
  #end: Deno.CommandStatus | null = null;

  /** Starts it. */
  constructor(start: ProgramStart) {
    const { args, env, wrapper = [], hasUnreadOutput = false, hasUnreadError = false } = start;
    this.#child = startMain(args, { NO_COLOR: "1", ...env }, wrapper);
    this.#input = this.#child.stdin.getWriter();
    // The program may close its input at any time.
    this.#input.closed.catch(() => {});
    this.#error = hasUnreadError ? null : new LogLines(this.#child.stderr, start.onLine ?? (() => {}));
    this.#output = hasUnreadOutput ? null : new LogLines(this.#child.stdout, () => {});
    this.#child.status.then((status) => this.#end = status);
  }

  /** Its process. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Whether it has not ended. */
  get isAlive(): boolean {
    return this.#end === null;
  }

  /** The last lines of standard error. */
  get stderr(): string {
    return this.#error?.text ?? "";
  }

  /** The last lines of standard output. */
  get stdout(): string {
    return this.#output?.text ?? "";
  }

  /** Waits until standard error holds `pattern`; `null` when it ends, or the time is up, without that. */
  says(pattern: RegExp, withinMs: number): Promise<RegExpExecArray | null> {
    return this.#holds(() => this.stderr, pattern, withinMs);
  }

  /** The same of standard output. */
  answers(pattern: RegExp, withinMs: number): Promise<RegExpExecArray | null> {
    return this.#holds(() => this.stdout, pattern, withinMs);
  }

  /**
   * Writes to standard input. Whether all of it was taken in time; what is not taken stays queued, so that nothing more
   * can be written then.
   */
  async send(data: string | Uint8Array<ArrayBuffer>, withinMs: number): Promise<boolean> {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    return await this.#inTime(this.#input.write(bytes), withinMs);
  }

  /** Ends standard input, as a host does that is done. */
  async closeInput(): Promise<void> {
    // Rejects where the program has ended, or where an earlier write still waits.
    await this.#inTime(this.#input.close(), 1_000);
  }

  /** Sends a signal, unless it has ended. */
  signal(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch {
      // It has ended by itself.
    }
  }

  /** Waits until it has ended and is read to its end; `null` when it still runs after `withinMs` milliseconds. */
  async ended(withinMs: number): Promise<ProgramEnd | null> {
    const startedMs = performance.now();
    await this.#inTime(this.#child.status, withinMs);
    if (this.#end === null) return null;
    const tookMs = performance.now() - startedMs;
    await this.#readToEnd();
    const { code, signal } = this.#end;
    return { code, signal, tookMs };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.signal("SIGKILL");
    await this.ended(KILLED_WITHIN_MS);
    await this.#input.abort().catch(() => {});
    if (this.#error === null) await this.#child.stderr.cancel();
    if (this.#output === null) await this.#child.stdout.cancel();
  }

  /** A program that this one has started may keep its pipes open, so that reading to their end has a bound of its own. */
  async #readToEnd(): Promise<void> {
    await this.#inTime(Promise.all([this.#error?.over, this.#output?.over]), READ_WITHIN_MS);
  }

  async #holds(text: () => string, pattern: RegExp, withinMs: number): Promise<RegExpExecArray | null> {
    const untilMs = performance.now() + withinMs;
    for (;;) {
      const hasEnded = !this.isAlive;
      if (hasEnded) await this.#readToEnd();
      const found = pattern.exec(text());
      if (found !== null || hasEnded || performance.now() > untilMs) return found;
      await pause(LOOK_EVERY_MS);
    }
  }

  /** Whether `work` was done in time, and did not fail. */
  async #inTime(work: Promise<unknown>, withinMs: number): Promise<boolean> {
    const over = new AbortController();
    const timeout = pause(withinMs, over.signal).then(() => false);
    try {
      return await Promise.race([work.then(() => true, () => false), timeout]);
    } finally {
      over.abort();
    }
  }
}
