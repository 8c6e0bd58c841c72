import type { Phrase } from "../../errors/language.ts";
import { StartError, type StartErrorOptions } from "../../errors/start_error.ts";

/** The server cannot listen. The message is one line for the person who started it. */
export class ListenError extends StartError {
  /** The port that was asked for. */
  readonly port: number;

  /** Says why the server cannot listen on `port`, and what to do. */
  constructor(port: number, problem: Phrase, options?: StartErrorOptions) {
    super(problem, options);
    this.name = "ListenError";
    this.port = port;
  }
}
