import type { Phrase } from "../../errors/language.ts";
import type { Platform } from "../../platform.ts";
import { UsageError } from "../command_line/usage_error.ts";
import { HiddenLine } from "./hidden_line.ts";

const INPUT_ENDED: Phrase = {
  en: "Standard input ended before the question was answered; nothing was changed by it",
  zh: "标准输入已结束，问题没有得到回答；该步骤未作任何更改",
};

/** Longest line that is taken. */
const MOST_TYPED_CHARACTERS = 4_096;

/** Asks one question after the other on the terminal. */
export class Questions {
  readonly #options: QuestionsOptions;
  readonly #decoder = new TextDecoder();
  /** What was typed ahead. */
  #typed = "";
  #hasEnded = false;

  /** Reads nothing yet. */
  constructor(options: QuestionsOptions) {
    this.#options = options;
  }

  /** Whether there is a person to ask: a terminal on standard input and on standard error. */
  get canAsk(): boolean {
    const { platform } = this.#options;
    return platform.isTerminal && platform.isStdinTerminal();
  }

  /**
   * The answer in one line, without the blanks around it.
   *
   * @throws UsageError at the end of the input; the reason of the signal once it is aborted.
   */
  async ask(question: string): Promise<string> {
    this.#options.platform.stderr.write(question);
    return (await this.#line()).trim();
  }

  /**
   * The answer, which the terminal does not show. Whatever ends the question, the terminal shows again what is typed.
   *
   * @throws as {@linkcode Questions.ask}.
   */
  async askHidden(question: string): Promise<string> {
    const { platform, onInterrupt } = this.#options;
    platform.hideInput(true);
    try {
      platform.stderr.write(question);
      const hidden = new HiddenLine();
      for (;;) {
        const end = hidden.take(this.#takeTyped());
        if (end.kind === "line") {
          this.#typed = end.rest;
          return end.text.trim();
        }
        if (end.kind === "interrupt") onInterrupt();
        if (end.kind === "end of input" || this.#hasEnded) throw new UsageError(INPUT_ENDED);
        await this.#more();
      }
    } finally {
      platform.hideInput(false);
      platform.stderr.write("\n");
    }
  }

  /** Whether the answer is yes. */
  async confirm(question: string): Promise<boolean> {
    return /^(y|yes|是|好)$/i.test(await this.ask(question));
  }

  /** Reads no more: standard input is let go. */
  close(): void {
    this.#options.platform.stdin.destroy();
  }

  async #line(): Promise<string> {
    for (;;) {
      const end = this.#typed.search(/\r?\n|\r/);
      if (end >= 0) {
        const line = this.#typed.slice(0, end);
        this.#typed = this.#typed.slice(end).replace(/^(?:\r?\n|\r)/, "");
        return line;
      }
      if (this.#hasEnded || this.#typed.length > MOST_TYPED_CHARACTERS) throw new UsageError(INPUT_ENDED);
      await this.#more();
    }
  }

  #takeTyped(): string {
    const typed = this.#typed;
    this.#typed = "";
    return typed;
  }

  /** Waits for what is typed next. */
  #more(): Promise<void> {
    const { platform: { stdin }, signal } = this.#options;
    return new Promise((resolve, reject) => {
      const settle = (done: () => void): void => {
        stdin.pause();
        stdin.off("data", onData).off("end", onEnd).off("close", onEnd).off("error", onEnd);
        signal.removeEventListener("abort", onAbort);
        done();
      };
      const onData = (chunk: string | Uint8Array): void => {
        this.#typed += typeof chunk === "string" ? chunk : this.#decoder.decode(chunk, { stream: true });
        settle(resolve);
      };
      const onEnd = (): void => {
        this.#hasEnded = true;
        settle(resolve);
      };
      const onAbort = (): void => settle(() => reject(signal.reason));
      if (signal.aborted) return reject(signal.reason);
      if (stdin.readableEnded || stdin.destroyed) {
        this.#hasEnded = true;
        return resolve();
      }
      stdin.on("data", onData).on("end", onEnd).on("close", onEnd).on("error", onEnd);
      signal.addEventListener("abort", onAbort);
      stdin.resume();
    });
  }
}

/** What {@linkcode Questions} needs. */
export interface QuestionsOptions {
  /** The terminal. */
  readonly platform: Pick<
    Platform,
    "stdin" | "stderr" | "hideInput" | "isTerminal" | "isStdinTerminal"
  >;
  /** Ends a question. */
  readonly signal: AbortSignal;
  /** Called for Ctrl+C on a terminal that hands it over as a key. It aborts the signal. */
  readonly onInterrupt: () => void;
}
