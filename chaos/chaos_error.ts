import { RunError } from "../harness/run_error.ts";

/** A run with faults cannot begin or go on. */
export class ChaosError extends RunError {
  /** Says what is wrong and what to do. */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ChaosError";
  }
}
