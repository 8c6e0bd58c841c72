import { defined } from "../defined.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log, LogFields } from "../ports/log.ts";

/** In this time, further lines of a kind are counted. */
const WINDOW_MS = 10_000;
/** Further kinds are counted together. This server has fewer kinds of refusals. */
const MAX_KINDS = 100;
/** Lines of one kind and window with different values: a few show who is turned away, and fill no disk. */
const MAX_VARIANTS = 5;
const OTHER_KINDS = "requests refused in other ways";

/**
 * Keeps log lines that anybody can cause from filling the disk. The first line of a kind is written at once; those of
 * the next ten seconds are counted, and one line tells their number.
 */
export class RepeatedLines {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #windows = new Map<string, Window>();
  readonly #ended = new AbortController();

  /** Writes the lines with the numbers to `log`. */
  constructor({ clock, log }: { readonly clock: Clock; readonly log: Log }) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Writes `line` to the log of its call, or counts it. */
  write(log: Log, line: RepeatedLine): void {
    const window = this.#windows.get(line.kind);
    if (window !== undefined) this.#writeOrCount(log, line, window);
    else if (this.#windows.size < MAX_KINDS) this.#begin(log, line);
    else this.#countOther(log);
  }

  /** Writes the numbers that are left. For the end of the process: later lines are written one by one. */
  flush(): void {
    this.#ended.abort(new Error("The log is closed"));
    for (const window of this.#windows.values()) this.#writeCount(window);
    this.#windows.clear();
  }

  #writeOrCount(log: Log, line: RepeatedLine, window: Window): void {
    if (window.variants.has(line.variant) || window.variants.size >= MAX_VARIANTS) window.count += 1;
    else {
      window.variants.add(line.variant);
      writeWhole(log, line);
    }
  }

  #begin(log: Log, line: RepeatedLine): void {
    const { kind, level, event, fields, variant } = line;
    writeWhole(log, line);
    if (this.#ended.signal.aborted) return;
    this.#windows.set(kind, {
      line: { level, event, ...defined({ fields }) },
      count: 0,
      variants: new Set([variant]),
    });
    this.#endLater(kind);
  }

  #countOther(log: Log): void {
    const window = this.#windows.get(OTHER_KINDS);
    if (window !== undefined) window.count += 1;
    else this.#begin(log, { kind: OTHER_KINDS, level: "warn", event: OTHER_KINDS });
  }

  #endLater(kind: string): void {
    this.#clock.sleep(WINDOW_MS, this.#ended.signal).then(() => this.#end(kind), () => {});
  }

  #end(kind: string): void {
    const window = this.#windows.get(kind);
    if (window === undefined) return;
    if (window.count === 0) {
      this.#windows.delete(kind);
      return;
    }
    this.#writeCount(window);
    window.count = 0;
    window.variants.clear();
    // Lines without a variant are still counted.
    window.variants.add(undefined);
    this.#endLater(kind);
  }

  #writeCount({ line: { level, event, fields }, count }: Window): void {
    if (count > 0) this.#log[level](event, { ...fields, repeated: count, within_seconds: WINDOW_MS / 1000 });
  }
}

/** A line that may be repeated. */
export interface RepeatedLine {
  /** Lines of one kind are counted together. From a fixed set, never a caller's own words. */
  readonly kind: string;
  /** Of the line, and of the line with the number. */
  readonly level: "error" | "warn" | "info";
  /** Of the line, and of the line with the number. */
  readonly event: string;
  /** The same for every line of the kind. */
  readonly fields?: LogFields;
  /** Further fields of a line that is written, which the line with the number lacks. */
  readonly first?: LogFields;
  /** A value that an operator needs to see: up to five different ones are written in a window. */
  readonly variant?: string | undefined;
}

/** The count of a kind's lines, until the window ends. */
interface Window {
  readonly line: Pick<RepeatedLine, "level" | "event" | "fields">;
  count: number;
  readonly variants: Set<string | undefined>;
}

function writeWhole(log: Log, { level, event, fields, first }: RepeatedLine): void {
  log[level](event, first === undefined ? fields : { ...fields, ...first });
}
