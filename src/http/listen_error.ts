import type { Phrase } from "../errors/language.ts";
import { StartError } from "../errors/start_error.ts";

/** The server could not listen. Its message is one line for the person who started it. */
export class ListenError extends StartError {
  /** The port that was asked for. */
  readonly port: number;

  /** Says why nothing listens on `port`. */
  constructor(port: number, text: string | Phrase, options?: ErrorOptions) {
    super(text, options);
    this.name = "ListenError";
    this.port = port;
  }
}
