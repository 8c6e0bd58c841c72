/**
 * A run cannot begin or go on. Its message is for the person who started it: one line, and what a program wrote, where one
 * failed.
 */
export class RunError extends Error {
  /** Says what is wrong and what to do. */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "RunError";
  }
}
