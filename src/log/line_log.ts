import type { Clock } from "../ports/clock.ts";
import { type Log, LOG_LEVELS, type LogFields, type LogLevel } from "../ports/log.ts";
import type { Mask } from "./mask.ts";

/** `human` for terminals, `json` for programs. */
export type LogFormat = "human" | "json";

/** What {@linkcode createLineLog} needs. */
export interface LogOptions {
  /** Less important lines are dropped. */
  readonly level: LogLevel;
  /** Of the lines. */
  readonly format: LogFormat;
  /** Whether the human form has colours. */
  readonly colour: boolean;
  /** For the time of the lines. */
  readonly clock: Clock;
  /** Takes secrets out. */
  readonly mask: Mask;
  /** Gets one line, with its newline. Must not throw. */
  readonly write: (line: string) => void;
}

/** ANSI colour of each level. */
const COLOUR: Readonly<Record<LogLevel, number>> = { error: 31, warn: 33, info: 36, debug: 90 };
const LEVEL_WIDTH = 5;
const DEBUG = LOG_LEVELS.indexOf("debug");
// deno-lint-ignore no-control-regex -- it looks for control characters
const UNSEEN = /[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** A log that can also write lines whatever its level. */
export interface AnnouncingLog extends Log {
  /** Writes a line of level `info` at every log level, such as the address that scripts wait for. */
  announce(event: string, fields?: LogFields): void;
}

/** Makes a log that writes one masked line an event. */
export function createLineLog(options: LogOptions): AnnouncingLog {
  return new LineLog(options, LOG_LEVELS.indexOf(options.level));
}

class LineLog implements AnnouncingLog {
  readonly #options: LogOptions;
  readonly #threshold: number;
  /** Fields are joined when a line is written: one log is made for each request, and few of them write any. */
  readonly #outer: LineLog | undefined;
  readonly #fields: LogFields | undefined;

  constructor(options: LogOptions, threshold: number, outer?: LineLog, fields?: LogFields) {
    this.#options = options;
    this.#threshold = threshold;
    this.#outer = outer;
    this.#fields = fields;
  }

  error(event: string, fields?: LogFields): void {
    this.#write("error", event, fields);
  }

  warn(event: string, fields?: LogFields): void {
    this.#write("warn", event, fields);
  }

  info(event: string, fields?: LogFields): void {
    this.#write("info", event, fields);
  }

  debug(event: string, fields?: LogFields | (() => LogFields)): void {
    if (this.#threshold < DEBUG) return;
    this.#line("debug", event, typeof fields === "function" ? fields() : fields);
  }

  announce(event: string, fields?: LogFields): void {
    this.#line("info", event, fields);
  }

  with(fields: LogFields): Log {
    return new LineLog(this.#options, this.#threshold, this, fields);
  }

  #ownFields(): LogFields {
    const outer = this.#outer === undefined ? undefined : this.#outer.#ownFields();
    return { ...outer, ...this.#fields };
  }

  #write(level: LogLevel, event: string, fields?: LogFields): void {
    if (LOG_LEVELS.indexOf(level) <= this.#threshold) this.#line(level, event, fields);
  }

  #line(level: LogLevel, event: string, fields: LogFields = {}): void {
    const { format, colour, clock, mask, write } = this.#options;
    const time = new Date(clock.now()).toISOString();
    // Masked before quoting, which changes a quote or a backslash in a secret.
    const maskedEvent = mask.apply(event);
    const all = Object.entries({ ...this.#ownFields(), ...fields })
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, typeof value === "string" ? mask.apply(value) : value] as const);
    const line = format === "json"
      ? escaped(JSON.stringify({ time, level, event: maskedEvent, ...Object.fromEntries(all) }))
      : humanLine(time, level, maskedEvent, all, colour);
    write(`${line}\n`);
  }
}

/**
 * Escapes, as JSON does, what a terminal would obey or a reader would not see: control characters of both sets, the
 * separators that end a line, marks that change the direction of text. `JSON.stringify()` escapes few of them.
 */
function escaped(text: string): string {
  return text.replace(UNSEEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function humanLine(
  time: string,
  level: LogLevel,
  event: string,
  fields: readonly (readonly [string, unknown])[],
  colour: boolean,
): string {
  const name = level.padEnd(LEVEL_WIDTH);
  const shown = colour ? `\x1b[${COLOUR[level]}m${name}\x1b[0m` : name;
  const rest = fields.map(([key, value]) => ` ${key}=${humanValue(value)}`).join("");
  return `${time.slice(11, 19)} ${shown} ${escaped(`${event}${rest}`)}`;
}

/** `value` as text. It is quoted if a blank, a quote or a control character would make the line ambiguous. */
function humanValue(value: unknown): string {
  const text = String(value);
  return /^[^\s"=]+$/.test(text) && text.search(UNSEEN) < 0 ? text : JSON.stringify(text);
}
