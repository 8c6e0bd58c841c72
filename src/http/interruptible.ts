/** A handler whose requests in flight can be answered before it has an answer. */
export class Interruptible {
  readonly #handler: (request: Request) => Promise<Response>;
  readonly #waiting = new Set<(response: Response) => void>();

  /** Wraps `handler`. */
  constructor(handler: (request: Request) => Promise<Response>) {
    this.#handler = handler;
  }

  /** Answers as the handler does, or 503 once interrupted. */
  async handle(request: Request): Promise<Response> {
    // One promise a request: racing against a single one that lives as long as the server would leak a callback each.
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    this.#waiting.add(resolve);
    this.#handler(request).then(resolve, reject);
    try {
      return await promise;
    } finally {
      this.#waiting.delete(resolve);
    }
  }

  /** Answers every request in flight with 503. What its handler does goes on unseen. */
  interrupt(): void {
    for (const resolve of this.#waiting) resolve(new Response(null, { status: 503 }));
  }
}
