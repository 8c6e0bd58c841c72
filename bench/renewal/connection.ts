import { type HttpAnswer, parseHttpAnswer } from "./http_answer.ts";

/** What one request got. */
export interface Reply extends HttpAnswer {
  /** When the last byte of it was there, by `performance.now()`. */
  readonly atMs: number;
}

const READ_BYTES = 16_384;

/**
 * One caller's connection, kept open. A bare socket with requests made beforehand, since a thousand calls of `fetch` at
 * once would take as long as what is measured.
 */
export class Connection {
  readonly #socket: Deno.Conn;
  readonly #buffer = new Uint8Array(READ_BYTES);

  private constructor(socket: Deno.Conn) {
    this.#socket = socket;
  }

  /** Connects to the server at `url`. */
  static async open(url: URL): Promise<Connection> {
    return new Connection(await Deno.connect({ hostname: url.hostname, port: Number(url.port) }));
  }

  /**
   * Sends one request and waits for the answer to it.
   *
   * @throws Error when the connection ends before that, or the answer has no length.
   */
  async ask(request: Uint8Array): Promise<Reply> {
    for (let sent = 0; sent < request.length;) sent += await this.#socket.write(request.subarray(sent));
    let text = "";
    for (;;) {
      const count = await this.#socket.read(this.#buffer);
      if (count === null) throw new Error("The server has closed the connection");
      const atMs = performance.now();
      text += new TextDecoder("latin1").decode(this.#buffer.subarray(0, count));
      const answer = parseHttpAnswer(text);
      if (answer !== null) return { ...answer, atMs };
    }
  }

  /** Ends it. */
  close(): void {
    this.#socket.close();
  }
}
