import type { Door } from "./door.ts";

const INITIALIZE = {
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "chaos", version: "0" } },
};

/** Asks over the standard streams, many questions at once, as an MCP host does. */
export class StdioDoor implements Door {
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  /** Resolves when standard output has ended. */
  readonly over: Promise<void>;

  private constructor(child: Deno.ChildProcess) {
    this.#input = child.stdin.getWriter();
    this.over = this.#read(child.stdout);
  }

  /** Introduces the client to the server behind `child`. */
  static async open(child: Deno.ChildProcess): Promise<StdioDoor> {
    const door = new StdioDoor(child);
    await door.ask(INITIALIZE, 0, new AbortController().signal);
    await door.#send({ jsonrpc: "2.0", method: "notifications/initialized" });
    return door;
  }

  async ask(message: Readonly<Record<string, unknown>>, id: number, signal: AbortSignal): Promise<unknown> {
    const answer = Promise.withResolvers<unknown>();
    const giveUp = (): void => answer.reject(signal.reason);
    signal.addEventListener("abort", giveUp);
    this.#waiting.set(id, answer);
    try {
      await Promise.race([this.#send(message).then(() => answer.promise), answer.promise]);
      return await answer.promise;
    } finally {
      this.#waiting.delete(id);
      signal.removeEventListener("abort", giveUp);
    }
  }

  async #send(message: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#input.write(new TextEncoder().encode(`${JSON.stringify(message)}\n`));
  }

  async #read(output: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    let rest = "";
    try {
      for await (const chunk of output.pipeThrough(new TextDecoderStream())) {
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) this.#answered(line);
      }
    } finally {
      await this.#input.abort().catch(() => {});
      for (const waiting of this.#waiting.values()) waiting.reject(new Error("The process has ended"));
    }
  }

  #answered(line: string): void {
    const message: { id?: number } = JSON.parse(line);
    if (message.id !== undefined) this.#waiting.get(message.id)?.resolve(message);
  }
}
