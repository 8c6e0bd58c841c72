/** The platform made the sandbox listen where others can reach it, which it must not: it shows tokens to whoever asks. */
export class MovedError extends Error {
  /** Says what to do. */
  constructor() {
    super("Cannot listen on 127.0.0.1: DENO_SERVE_ADDRESS names another address; unset it");
    this.name = "MovedError";
  }
}
