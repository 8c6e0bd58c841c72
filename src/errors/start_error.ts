/**
 * The program cannot start. The message is one line for whoever started it: what is wrong and what to do, without a
 * stack trace and never with a secret.
 */
export class StartError extends Error {
  /** Makes the error; `cause` is for the debug log alone. */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StartError";
  }
}
