/** Something cannot be built. Its message is one line for the person who builds. */
export class BuildError extends Error {
  /** Says what cannot be built, and why. */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "BuildError";
  }
}
