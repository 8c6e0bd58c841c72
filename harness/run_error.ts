/** A run cannot begin or go on. Its message is for the person who started it: one line, or one and what a program wrote. */
export class RunError extends Error {
  /** Says what is wrong and what to do. */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "RunError";
  }
}
