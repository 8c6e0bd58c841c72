import type { PeerInfo } from "./caller_address.ts";

/** Answers every request; `info` tells who is at the other end of the connection. Must not reject. */
export type HttpHandler = (request: Request, info: PeerInfo) => Promise<Response>;

/** A handler whose requests in flight can be answered before it has an answer. */
export class Interruptible {
  readonly #handler: HttpHandler;
  readonly #waiting = new Set<(response: Response) => void>();

  /** Wraps `handler`. */
  constructor(handler: HttpHandler) {
    this.#handler = handler;
  }

  /** Answers as the handler does, or 503 once interrupted. */
  handle(request: Request, info: PeerInfo): Promise<Response> {
    // One promise a request: racing against a single one that lives as long as the server would leak a callback each.
    return new Promise((resolve, reject) => {
      this.#waiting.add(resolve);
      this.#handler(request, info).then((response) => {
        this.#waiting.delete(resolve);
        resolve(response);
      }, (error) => {
        this.#waiting.delete(resolve);
        reject(error);
      });
    });
  }

  /** Answers every request in flight with 503. What its handler does goes on unseen. */
  interrupt(): void {
    for (const resolve of this.#waiting) resolve(new Response(null, { status: 503 }));
  }
}
