/**
 * `DENO_SERVE_ADDRESS` would make the sandbox listen where others can reach it: it shows its tokens to every caller.
 */
export class MovedError extends Error {
  /** Makes the error, which says what to do. */
  constructor() {
    super("Cannot listen on 127.0.0.1: DENO_SERVE_ADDRESS names another address; unset it");
    this.name = "MovedError";
  }
}
