/** A run cannot begin or go on. Its message is for whoever started it: one line, or a line and what a program wrote. */
export class ChaosError extends Error {
  /** Says what is wrong and what to do. */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ChaosError";
  }
}
