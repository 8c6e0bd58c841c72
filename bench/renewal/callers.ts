import { Connection, type Reply } from "./connection.ts";
import { LIST_TOOLS, type McpRequest } from "./mcp_request.ts";
import { type Waits, waitsOf } from "./waits.ts";

interface Caller {
  readonly url: URL;
  readonly connection: Connection;
}

/** Callers that each have a connection to one of several servers, spread evenly. */
export class Callers {
  readonly #callers: readonly Caller[];

  private constructor(callers: readonly Caller[]) {
    this.#callers = callers;
  }

  /** Connects `count` callers; each has listed the tools once, so that no connection is new any more. */
  static async connect(urls: readonly URL[], count: number): Promise<Callers> {
    const callers = new Callers(
      await Promise.all(
        Array.from({ length: count }, async (_, index) => {
          const url = urls[index % urls.length];
          if (url === undefined) throw new RangeError("No server to connect to");
          return { url, connection: await Connection.open(url) };
        }),
      ),
    );
    await callers.askAtOnce(LIST_TOOLS);
    return callers;
  }

  /**
   * All of them ask at the same moment. Waits count from that moment, also for those whose request leaves last.
   *
   * @throws Error when one of them is refused.
   */
  async askAtOnce(request: McpRequest): Promise<Waits> {
    const asked = this.#callers.map(({ url, connection }) => ({ connection, bytes: request(url) }));
    const startedMs = performance.now();
    const replies = await Promise.all(asked.map(({ connection, bytes }) => connection.ask(bytes)));
    return waitsOf(replies.map((reply) => accepted(reply).atMs - startedMs));
  }

  /**
   * They ask in turn, `perSecond` requests in all, for `forMs` milliseconds. Where an answer comes so late that a
   * caller's next request is late too, that one's wait counts from when it was due.
   *
   * @throws Error when one of them is refused.
   */
  async askSteadily(request: McpRequest, perSecond: number, forMs: number): Promise<Waits> {
    const everyMs = 1_000 / perSecond;
    const startedMs = performance.now();
    const tookMs: number[] = [];
    await Promise.all(this.#callers.map(async ({ url, connection }, index) => {
      const bytes = request(url);
      for (let turn = index; turn * everyMs < forMs; turn += this.#callers.length) {
        const dueMs = startedMs + turn * everyMs;
        const aheadMs = dueMs - performance.now();
        if (aheadMs > 0) await new Promise((resolve) => setTimeout(resolve, aheadMs));
        const fromMs = aheadMs > 0 ? performance.now() : dueMs;
        tookMs.push(accepted(await connection.ask(bytes)).atMs - fromMs);
      }
    }));
    return waitsOf(tookMs);
  }

  /** Each asks once, one after the other; the bodies of the answers. */
  async askEach(request: McpRequest): Promise<string[]> {
    const bodies: string[] = [];
    for (const { url, connection } of this.#callers) {
      bodies.push(accepted(await connection.ask(request(url))).body);
    }
    return bodies;
  }

  /** Ends their connections. */
  [Symbol.dispose](): void {
    for (const { connection } of this.#callers) connection.close();
  }
}

function accepted(reply: Reply): Reply {
  const { status, body } = reply;
  if (status === 200 && body.includes('"result":') && !body.includes('"isError":true')) return reply;
  throw new Error(`A caller got ${status}: ${body}`);
}
