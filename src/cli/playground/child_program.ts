import type { Phrase } from "../../errors/language.ts";
import { StartError } from "../../errors/start_error.ts";
import type { Clock } from "../../ports/clock.ts";
import { TIME_IS_UP, within } from "../../concurrency/within.ts";

/** What a child program is started with. */
export interface ChildProgramOptions {
  /** For messages; the subject of a sentence. */
  readonly name: Phrase;
  /** Deno's arguments. */
  readonly args: readonly string[];
  /** Added to this program's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Finds, in what the child writes, that it is ready. */
  readonly ready: RegExp;
  /** Longest wait for that, in milliseconds. */
  readonly deadlineMs: number;
  /** Times the wait. */
  readonly clock: Clock;
  /** Aborted to give up the wait: the child is ended then. */
  readonly signal: AbortSignal;
}

/** A child program that is ready. */
export interface ChildProgram {
  /** What it has written to both of its streams so far. */
  output(): string;
  /** Resolves when it has ended, whoever ended it. */
  readonly ended: Promise<void>;
  /** Asks it to end and resolves when it has. */
  end(): Promise<void>;
}

/**
 * Starts Deno as a child and resolves when it has written that it is ready. A Ctrl+C at the terminal does not reach the
 * child: whoever started it says when it ends, once.
 *
 * @throws StartError in one line when it ends before that or takes too long; the signal's reason when that is aborted.
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
  /** What the child said last may be in any language. */
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
      // It has ended by itself.
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
