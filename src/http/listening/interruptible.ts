import type { PeerInfo } from "../security/caller_address.ts";

/** Answers every request; `info` holds the other end of its connection. Must not reject. */
export type HttpHandler = (request: Request, info: PeerInfo) => Promise<Response>;

/** A handler whose requests in flight can be answered before it has an answer. */
export class Interruptible {
  readonly #handler: HttpHandler;
  readonly #waiting = new Map<(response: Response) => void, Request>();
  #onIdle: (() => void) | undefined;

  /** Wraps `handler`. */
  constructor(handler: HttpHandler) {
    this.#handler = handler;
  }

  /** Answers as the handler does, or what {@linkcode Interruptible.interrupt} was given. */
  handle(request: Request, info: PeerInfo): Promise<Response> {
    // One promise a request: racing against a single one that lives as long as the server would leak a callback each.
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

  /** How many requests wait for an answer of the handler. */
  get inFlight(): number {
    return this.#waiting.size;
  }

  /** Resolves when no request waits for an answer of the handler. */
  async idle(): Promise<void> {
    if (this.#waiting.size > 0) await new Promise<void>((resolve) => this.#onIdle = resolve);
  }

  /** Answers every request in flight with what `answer` makes. What its handler does goes on unseen. */
  interrupt(answer: (request: Request) => Response): void {
    for (const [resolve, request] of this.#waiting) resolve(answer(request));
  }

  #done(resolve: (response: Response) => void): void {
    this.#waiting.delete(resolve);
    if (this.#waiting.size === 0) this.#onIdle?.();
  }
}
