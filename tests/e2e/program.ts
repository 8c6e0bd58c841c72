import assert from "node:assert/strict";
import { childCommand } from "../../harness/child_command.ts";
import { TIME_IS_UP, within } from "../../src/concurrency/within.ts";
import { PROGRAM_ARGS } from "../clients/running_server.ts";
import { REAL_CLOCK } from "../support/token_world.ts";

/** Far beyond what a loaded machine needs: reached only by a program that never gets there. */
const PATIENCE_MS = 30_000;
/** Between the signals that are sent again and again. */
const RESEND_MS = 100;

/** What a {@linkcode Program} is started with. */
export interface ProgramOptions {
  /** Of the program itself. */
  readonly args: readonly string[];
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The working directory. */
  readonly cwd?: string;
  /** Whether its standard input is kept open for {@linkcode Program.send}. */
  readonly stdin?: boolean;
  /** Deno's own arguments, where they are not those of the tasks. */
  readonly denoArgs?: readonly string[];
  /** A program, with its first arguments, that becomes Deno with the rest of them. */
  readonly wrapper?: readonly string[];
  /** All of the command, instead of Deno with its arguments and those of the program. */
  readonly command?: readonly string[];
}

/** How a program ended. */
export interface ProgramEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process of `main.ts`, with what it writes. */
export class Program implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>> | null;
  readonly #out: StreamText;
  readonly #error: StreamText;

  /** Starts it, with the permissions that the tasks give. */
  constructor(options: ProgramOptions) {
    const { args, env, cwd, stdin = false, denoArgs = PROGRAM_ARGS, wrapper = [] } = options;
    const whole = options.command ?? [...wrapper, Deno.execPath(), ...denoArgs, ...args];
    const [command = Deno.execPath(), ...allArgs] = whole;
    this.#child = childCommand(command, {
      args: allArgs,
      env: { ...env },
      clearEnv: true,
      ...(cwd === undefined ? {} : { cwd }),
      stdin: stdin ? "piped" : "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#stdin = stdin ? this.#child.stdin.getWriter() : null;
    this.#out = new StreamText(this.#child.stdout);
    this.#error = new StreamText(this.#child.stderr);
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** What it has written to standard output so far. */
  get stdout(): string {
    return this.#out.text;
  }

  /** What it has written to standard error so far. */
  get stderr(): string {
    return this.#error.text;
  }

  /** Waits until standard error holds `pattern`; its first group, or the whole match. */
  async says(pattern: RegExp): Promise<string> {
    return await this.#found(this.#error, pattern);
  }

  /** Waits until standard output holds `pattern`; its first group, or the whole match. */
  async answers(pattern: RegExp): Promise<string> {
    return await this.#found(this.#out, pattern);
  }

  /** Waits until it serves HTTP; its MCP endpoint. */
  async listens(): Promise<string> {
    return await this.says(/"event":"listening","url":"([^"]+)"/);
  }

  /** Writes one JSON-RPC message to standard input. */
  async send(message: unknown): Promise<void> {
    await this.type(`${JSON.stringify(message)}\n`);
  }

  /** Writes `text` to standard input. */
  async type(text: string): Promise<void> {
    assert(this.#stdin !== null);
    await this.#stdin.write(new TextEncoder().encode(text));
  }

  /** Ends standard input. */
  async closeStdin(): Promise<void> {
    await this.#stdin?.close();
  }

  /** Stops reading standard error: whatever it writes there next fails. */
  async closeStderr(): Promise<void> {
    await this.#error.cancel();
  }

  /** Leaves what it writes from now on in the pipe, but for what one read takes. */
  stopReading(stream: "stdout" | "stderr"): void {
    this.#streamNamed(stream).pause();
  }

  /** Reads again. */
  readOn(stream: "stdout" | "stderr"): void {
    this.#streamNamed(stream).resume();
  }

  /** Waits until it has ended, whether or not anybody has read what it wrote; its exit code. */
  async exitCode(): Promise<number> {
    const ended = await within(REAL_CLOCK, PATIENCE_MS, this.#child.status);
    if (ended === TIME_IS_UP) throw new Error(`It has not ended in time: ${this.stderr}`);
    return ended.code;
  }

  kill(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Sends `signal` again and again, as a key that is pressed again and again, until it has ended. */
  async endsWhileSent(signal: Deno.Signal): Promise<ProgramEnd> {
    let isOver = false;
    const ended = this.end().finally(() => isOver = true);
    while (!isOver) {
      try {
        this.#child.kill(signal);
      } catch {
        // It has ended; what it wrote may not be read yet.
      }
      await within(REAL_CLOCK, RESEND_MS, ended);
    }
    return await ended;
  }

  /** Waits until it has ended. */
  async end(): Promise<ProgramEnd> {
    const ended = await within(
      REAL_CLOCK,
      PATIENCE_MS,
      Promise.all([this.#child.status, this.#out.over, this.#error.over]),
    );
    if (ended === TIME_IS_UP) throw new Error(`It has not ended in time: ${this.stderr}`);
    return { code: ended[0].code, stdout: this.stdout, stderr: this.stderr };
  }

  /** Ends it the hard way, unless it has ended by itself. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#stdin?.abort().catch(() => {});
    this.#out.resume();
    this.#error.resume();
    await this.end();
  }

  #streamNamed(name: "stdout" | "stderr"): StreamText {
    return name === "stdout" ? this.#out : this.#error;
  }

  async #found(stream: StreamText, pattern: RegExp): Promise<string> {
    const found = await within(REAL_CLOCK, PATIENCE_MS, stream.find(pattern));
    if (found === TIME_IS_UP) throw new Error(`${pattern} was not written in time: ${this.stderr}`);
    if (found === null) throw new Error(`It ended without ${pattern}: ${this.stderr}`);
    return found[1] ?? found[0];
  }
}

/** The text of a stream, as it comes. */
class StreamText {
  text = "";
  /** Resolves when the stream has ended. */
  readonly over: Promise<void>;
  readonly #reader: ReadableStreamDefaultReader<string>;
  #isOver = false;
  #more = Promise.withResolvers<void>();
  #mayRead = Promise.withResolvers<void>();

  constructor(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
    this.#reader = stream.pipeThrough(new TextDecoderStream()).getReader();
    this.#mayRead.resolve();
    this.over = this.#read();
  }

  pause(): void {
    this.#mayRead = Promise.withResolvers();
  }

  resume(): void {
    this.#mayRead.resolve();
  }

  /** Waits for `pattern`; `null` when the stream ended without it. */
  async find(pattern: RegExp): Promise<RegExpExecArray | null> {
    for (;;) {
      const found = pattern.exec(this.text);
      if (found !== null || this.#isOver) return found;
      await this.#more.promise;
    }
  }

  async cancel(): Promise<void> {
    await this.#reader.cancel();
  }

  async #read(): Promise<void> {
    for (;;) {
      await this.#mayRead.promise;
      const { done, value = "" } = await this.#reader.read();
      this.text += value;
      this.#isOver = done;
      this.#more.resolve();
      this.#more = Promise.withResolvers();
      if (done) return;
    }
  }
}
