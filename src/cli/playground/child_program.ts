import type { Phrase } from "../../errors/language.ts";
import { StartError } from "../../errors/start_error.ts";
import type { Clock } from "../../ports/clock.ts";
import { TIME_IS_UP, within } from "../../concurrency/within.ts";

/** Options of {@linkcode startChildProgram}. */
export interface ChildProgramOptions {
  /** Subject of the sentences in messages. */
  readonly name: Phrase;
  /** Deno's arguments. */
  readonly args: readonly string[];
  /** In addition to this program's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Matches the child's output when it is ready. */
  readonly ready: RegExp;
  /** Longest wait for it, in milliseconds. */
  readonly deadlineMs: number;
  /** For the wait. */
  readonly clock: Clock;
  /** Ends the wait, and the child. */
  readonly signal: AbortSignal;
}

/** A child program that is ready. */
export interface ChildProgram {
  /** Both of its streams so far. */
  output(): string;
  /** Resolves when it has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** Sends SIGTERM and resolves when it has ended. */
  end(): Promise<void>;
}

/**
 * Starts Deno as a child and resolves when its output says that it is ready. Ctrl+C in the terminal does not reach the
 * child, so that only {@linkcode ChildProgram.end} ends it.
 *
 * @throws StartError when it ends before that or takes too long; the signal's reason when that is aborted.
 */
export async function startChildProgram(options: ChildProgramOptions): Promise<ChildProgram> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...options.args],
    env: { ...options.env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    detached: true,
  }).spawn();
  const ready = Promise.withResolvers<void>();
  let text = "";
  const failure = (what: Phrase): StartError => {
    const { name } = options;
    const said = lastLine(text);
    return new StartError({ en: `${name.en} ${what.en}: ${said}`, zh: `${name.zh}${what.zh}：${said}` });
  };
  const read = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> => {
    for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (options.ready.test(text)) ready.resolve();
    }
  };
  const ended = (async (): Promise<void> => {
    await Promise.all([read(child.stdout), read(child.stderr), child.status]);
    ready.reject(failure({ en: "ended before it was ready", zh: "在就绪前就已结束" }));
  })();
  const end = async (): Promise<void> => {
    try {
      child.kill("SIGTERM");
    } catch {
      // It has already ended.
    }
    await ended;
  };
  try {
    const { clock, deadlineMs, signal } = options;
    if (await within(clock, deadlineMs, ready.promise, signal) === TIME_IS_UP) {
      throw failure({ en: "was not ready in time", zh: "未能及时就绪" });
    }
  } catch (error) {
    await end();
    throw error;
  }
  return { output: () => text, ended, end };
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}
