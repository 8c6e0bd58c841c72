/** How many of a program's last lines are kept, for the trace of a failure. */
const KEPT_LINES = 5_000;

/** What a program writes to standard error. */
export class LogLines {
  /** Resolves when the stream has ended. */
  readonly over: Promise<void>;
  #kept: string[] = [];
  readonly #onLine: (line: string) => void;

  /** @param onLine called with each line. */
  constructor(stream: ReadableStream<Uint8Array<ArrayBuffer>>, onLine: (line: string) => void) {
    this.#onLine = onLine;
    this.over = this.#read(stream);
  }

  /** The last lines. */
  get text(): string {
    return this.#kept.join("\n");
  }

  /** The lines of every request that had to do with the call that Feishu knows as `logId`. */
  about(logId: string): readonly string[] {
    const requests = this.#kept.filter((line) => line.includes(logId)).map((line) =>
      /"request_id":"[^"]+"/.exec(line)?.[0]
    );
    return this.#kept.filter((line) => requests.some((each) => each !== undefined && line.includes(each)));
  }

  async #read(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    let rest = "";
    for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#line(line);
    }
    if (rest !== "") this.#line(rest);
  }

  #line(line: string): void {
    this.#kept.push(line);
    if (this.#kept.length > 2 * KEPT_LINES) this.#kept = this.#kept.slice(-KEPT_LINES);
    this.#onLine(line);
  }
}
