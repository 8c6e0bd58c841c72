import { columnsOf } from "../command_line/wrap_text.ts";
import type { Language, Phrase } from "../../errors/language.ts";
import type { Platform } from "../../platform.ts";
import type { Clock } from "../../ports/clock.ts";
import { UNIT_MS } from "../logins/unit_ms.ts";

/** Options of {@linkcode CountDown}. */
export interface CountDownOptions {
  /** Where it is shown: standard error. */
  readonly platform: Pick<Platform, "stderr" | "isTerminal" | "columns">;
  /** That by which the login ends. */
  readonly clock: Clock;
  /** Of what is shown. */
  readonly language: Language;
}

/**
 * Shows how long a login still waits for its person: on a terminal in one line that counts down, elsewhere in a line a
 * minute.
 */
export class CountDown {
  readonly #options: CountDownOptions;
  /** Columns of the line on the terminal. */
  #shown = 0;
  /** The minute of the last line elsewhere. */
  #minute: number | undefined;

  /** Shows nothing yet. */
  constructor(options: CountDownOptions) {
    this.#options = options;
  }

  /**
   * Waits `ms` milliseconds, and counts down to `endMs`, Unix milliseconds.
   *
   * @throws the reason of `signal`.
   */
  async wait(ms: number, endMs: number, signal: AbortSignal): Promise<void> {
    const { clock, platform } = this.#options;
    signal.throwIfAborted();
    const untilMs = clock.monotonic() + ms;
    for (let leftMs = ms; leftMs > 0; leftMs = untilMs - clock.monotonic()) {
      this.#show(Math.max(0, endMs - clock.now()));
      await clock.sleep(platform.isTerminal ? Math.min(UNIT_MS.second, leftMs) : leftMs, signal);
    }
  }

  /** Removes the line from the terminal, for whatever is written next. */
  clear(): void {
    if (this.#shown === 0) return;
    // Without an escape code: some terminals know none.
    this.#options.platform.stderr.write(`\r${" ".repeat(this.#shown)}\r`);
    this.#shown = 0;
  }

  #show(leftMs: number): void {
    const { platform, language } = this.#options;
    if (platform.isTerminal) {
      const face = clockFace(leftMs);
      const { [language]: whole } = waiting(face);
      // A line that wraps could not be written over.
      const fits = columnsOf(whole) < (platform.columns("stderr") ?? Infinity);
      const line = fits ? whole : face[language];
      platform.stderr.write(`\r${line}`);
      this.#shown = Math.max(this.#shown, columnsOf(line));
      return;
    }
    const minute = Math.ceil(leftMs / UNIT_MS.minute);
    if (minute === this.#minute) return;
    this.#minute = minute;
    platform.stderr.write(`${waiting({ en: `${minute} min`, zh: `${minute} 分钟` })[language].trimEnd()}\n`);
  }
}

/** Such as `9:41`, always as wide while fewer than ten minutes are left. */
function clockFace(ms: number): Phrase {
  const seconds = Math.ceil(ms / UNIT_MS.second);
  const face = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return { en: face, zh: face };
}

function waiting(left: Phrase): Phrase {
  return { en: `Waiting for the person, ${left.en} left `, zh: `等待授权，剩余 ${left.zh} ` };
}
