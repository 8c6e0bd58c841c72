import type { Platform } from "../../platform.ts";
import type { Language, Phrase } from "../../errors/language.ts";
import { endAtOnce } from "../ending/end_at_once.ts";
import { onStopSignal } from "../ending/on_stop_signal.ts";

const FINISHING: Phrase = {
  en: "finishing what is in progress; a second signal ends the command at once",
  zh: "先完成正在进行的操作；再次发送信号将立即结束该命令",
};
const ENDED_AT_ONCE: Phrase = {
  en: "ended by a second signal: a refresh that was in progress may be lost, and its login with it",
  zh: "收到第二个信号，已立即结束：正在进行的刷新可能丢失，对应的登录也随之失效",
};

/**
 * The end of a command by a signal. A renewal in progress is finished at the first signal, since Feishu may have already
 * spent the token.
 */
export class Stop {
  readonly #controller = new AbortController();
  readonly #end: () => void;
  readonly #stop: () => void;
  #tell: () => void;

  /** Listens for signals. */
  constructor(platform: Platform, language: Language) {
    const say = (phrase: Phrase): void => platform.stderr.write(`feishu-token-mcp: ${phrase[language]}\n`);
    this.#tell = (): void => say(FINISHING);
    this.#stop = (): void => {
      if (this.signal.aborted) return;
      this.#tell();
      this.#controller.abort(new Error("Stopped by a signal"));
    };
    this.#end = onStopSignal({
      platform,
      onStop: this.#stop,
      onEndAtOnce(): void {
        say(ENDED_AT_ONCE);
        endAtOnce(platform);
      },
    });
  }

  /** Aborted by the first signal: no further work begins. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Stops as by a signal: for a terminal that hands over Ctrl+C as a key. */
  interrupt(): void {
    this.#stop();
  }

  /** Whether `error` is this stop, and no failure. */
  isReasonOf(error: unknown): boolean {
    return this.signal.aborted && error === this.signal.reason;
  }

  /**
   * Calls `tell` at the first signal from now on, in place of saying that work in progress is finished. Returns what ends
   * that.
   */
  toldBy(tell: () => void): () => void {
    const before = this.#tell;
    this.#tell = tell;
    return () => void (this.#tell = before);
  }

  /** Stops listening. */
  end(): void {
    this.#end();
  }
}
