import net from "node:net";
import { pause } from "../harness/pause.ts";

/** One HTTP/1.1 answer, as bytes came. */
export interface RawAnswer {
  readonly status: number;
  /** Status line and header lines, in lower case. */
  readonly head: string;
  /** Each byte as the character of that number. */
  readonly body: string;
}

/** What came instead of an answer: the connection ended, nothing in time, or bytes that are no HTTP answer. */
export type NoAnswer = "closed" | "silent" | "unreadable";

const WRITE_WITHIN_MS = 8_000;

/** A TCP connection for bytes that no HTTP client would send. No method rejects. */
export class RawConnection implements Disposable {
  readonly #socket: net.Socket;
  #received = "";
  #isOver = false;
  #more = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();

  private constructor(socket: net.Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (bytes) => {
      this.#received += bytes.toString("latin1");
      this.#wake();
    });
    const over = (): void => {
      this.#isOver = true;
      this.#wake();
    };
    socket.on("error", over).on("end", over).on("close", () => {
      over();
      this.#closed.resolve();
    });
  }

  /** Connects to a port of this machine; `null` where that is refused. */
  static open(port: number): Promise<RawConnection | null> {
    return new Promise((resolve) => {
      const socket = net.connect({ host: "127.0.0.1", port, allowHalfOpen: true });
      const failed = (): void => resolve(null);
      socket.once("error", failed);
      socket.once("connect", () => {
        socket.off("error", failed);
        resolve(new RawConnection(socket));
      });
    });
  }

  /** Whether the other side has not ended it. */
  get isOpen(): boolean {
    return !this.#isOver;
  }

  /** Everything received that was not read yet, each byte as the character of that number. */
  get received(): string {
    return this.#received;
  }

  /** Writes; resolves when the system has taken it, the connection is gone, or the time is up. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.#isOver || this.#socket.destroyed) return;
    const taken = Promise.withResolvers<void>();
    this.#socket.write(bytes, () => taken.resolve());
    await this.#inTime(Promise.race([taken.promise, this.#closed.promise]), WRITE_WITHIN_MS);
  }

  /** Says that nothing more will be written. */
  endWriting(): void {
    this.#socket.end();
  }

  /** Ends the connection with a reset. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  /** Waits until the other side has ended the connection. Whether it did in time. */
  async isClosed(withinMs: number): Promise<boolean> {
    await this.#until(() => this.#isOver, withinMs);
    return this.#isOver;
  }

  /** Reads the next answer but for those of status 100. */
  async answer(isToHead: boolean, withinMs: number): Promise<RawAnswer | NoAnswer> {
    const untilMs = performance.now() + withinMs;
    for (;;) {
      const read = this.#take(isToHead);
      if (read === "unreadable") return read;
      if (read !== "more") {
        if (read.status !== 100) return read;
        continue;
      }
      if (this.#isOver) return this.#received === "" ? "closed" : "unreadable";
      const leftMs = untilMs - performance.now();
      if (leftMs <= 0) return "silent";
      await this.#inTime(this.#more.promise, leftMs);
    }
  }

  #take(isToHead: boolean): RawAnswer | "more" | "unreadable" {
    const headEnd = this.#received.indexOf("\r\n\r\n");
    if (headEnd < 0) return "more";
    const head = this.#received.slice(0, headEnd).toLowerCase();
    const status = Number(/^http\/1\.[01] (\d{3})/.exec(head)?.[1] ?? NaN);
    if (Number.isNaN(status)) return "unreadable";
    const rest = this.#received.slice(headEnd + 4);
    const isBare = isToHead || status === 100 || status === 204 || status === 304;
    const body = isBare ? { text: "", taken: 0 } : bodyOf(head, rest, this.#isOver);
    if (body === null) return "more";
    this.#received = rest.slice(body.taken);
    return { status, head, body: body.text };
  }

  async #until(isDone: () => boolean, withinMs: number): Promise<void> {
    const untilMs = performance.now() + withinMs;
    while (!isDone() && performance.now() < untilMs) {
      await this.#inTime(this.#more.promise, untilMs - performance.now());
    }
  }

  #wake(): void {
    this.#more.resolve();
    this.#more = Promise.withResolvers();
  }

  async #inTime(work: Promise<void>, withinMs: number): Promise<void> {
    const over = new AbortController();
    await Promise.race([work, pause(withinMs, over.signal)]);
    over.abort();
  }
}

/** The body at the front of `rest`; `null` while there is more to come. */
function bodyOf(
  head: string,
  rest: string,
  isOver: boolean,
): { readonly text: string; readonly taken: number } | null {
  const length = /^content-length: (\d+)$/m.exec(head)?.[1];
  if (length !== undefined) {
    const size = Number(length);
    return rest.length < size ? null : { text: rest.slice(0, size), taken: size };
  }
  if (!/^transfer-encoding: chunked$/m.test(head)) return isOver ? { text: rest, taken: rest.length } : null;
  let text = "";
  for (let at = 0;;) {
    const lineEnd = rest.indexOf("\r\n", at);
    const size = parseInt(rest.slice(at, lineEnd), 16);
    if (lineEnd < 0 || rest.length < lineEnd + 2 + size + 2) return null;
    text += rest.slice(lineEnd + 2, lineEnd + 2 + size);
    at = lineEnd + 2 + size + 2;
    if (size === 0) return { text, taken: at };
  }
}
