import type { Log, LogFields, LogLevel } from "../../src/ports/log.ts";

/** One line that was logged. */
export interface LogLine {
  readonly level: LogLevel;
  readonly event: string;
  readonly fields: LogFields;
}

/** A log that keeps its lines for assertions. It masks nothing, so that a leaked secret is found. */
export class RecordingLog implements Log {
  readonly lines: LogLine[];
  readonly #fields: LogFields;

  constructor(lines: LogLine[] = [], fields: LogFields = {}) {
    this.lines = lines;
    this.#fields = fields;
  }

  error(event: string, fields?: LogFields): void {
    this.#add("error", event, fields);
  }

  warn(event: string, fields?: LogFields): void {
    this.#add("warn", event, fields);
  }

  info(event: string, fields?: LogFields): void {
    this.#add("info", event, fields);
  }

  debug(event: string, fields?: LogFields | (() => LogFields)): void {
    this.#add("debug", event, typeof fields === "function" ? fields() : fields);
  }

  with(fields: LogFields): RecordingLog {
    return new RecordingLog(this.lines, { ...this.#fields, ...fields });
  }

  /** The only line of that event. */
  only(event: string): LogLine {
    const [line, ...more] = this.lines.filter((candidate) => candidate.event === event);
    if (line === undefined || more.length > 0) {
      throw new Error(`Expected one ${event}, got ${JSON.stringify(this.lines)}`);
    }
    return line;
  }

  #add(level: LogLevel, event: string, fields: LogFields = {}): void {
    this.lines.push({ level, event, fields: { ...this.#fields, ...fields } });
  }
}
