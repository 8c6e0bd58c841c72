import type { PeerInfo } from "../security/caller_address.ts";

/** Answers a request and must not reject; `info` holds the other end of its connection. */
export type HttpHandler = (request: Request, info: PeerInfo) => Promise<Response>;

/** A handler whose requests in progress can be answered before the handler has an answer. */
export class Interruptible {
  readonly #handler: HttpHandler;
  readonly #waiting = new Map<(response: Response) => void, Request>();
  #onIdle: (() => void) | undefined;

  /** Wraps `handler`, which answers the requests that are not interrupted. */
  constructor(handler: HttpHandler) {
    this.#handler = handler;
  }

  /** Answers by the handler, or by {@linkcode Interruptible.interrupt} where that comes first. */
  handle(request: Request, info: PeerInfo): Promise<Response> {
    // A promise for each request: a race against one that lives as long as the server would leak a callback each time.
    return new Promise((resolve, reject) => {
      this.#waiting.set(resolve, request);
      this.#handler(request, info).then((response) => {
        resolve(response);
        this.#done(resolve);
      }, (error) => {
        reject(error);
        this.#done(resolve);
      });
    });
  }

  /** The number of requests that the handler has not answered. */
  get inFlight(): number {
    return this.#waiting.size;
  }

  /** Resolves when the handler has answered every request. */
  async idle(): Promise<void> {
    if (this.#waiting.size > 0) await new Promise<void>((resolve) => this.#onIdle = resolve);
  }

  /** Answers every request in progress by `answer`. The handler is not stopped, but its result is dropped. */
  interrupt(answer: (request: Request) => Response): void {
    for (const [resolve, request] of this.#waiting) resolve(answer(request));
  }

  #done(resolve: (response: Response) => void): void {
    this.#waiting.delete(resolve);
    if (this.#waiting.size === 0) this.#onIdle?.();
  }
}
