import { StartError } from "../errors/start_error.ts";

/** The server could not listen. Its message is one line for the person who started it. */
export class ListenError extends StartError {
  /** The port that was asked for. */
  readonly port: number;

  /** Says why nothing listens on `port`. */
  constructor(port: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ListenError";
    this.port = port;
  }
}
