import type { Output } from "../../src/ports/output.ts";

/** A stream that is always read at once. */
export class MemoryOutput implements Output {
  /** All that was written. */
  text = "";
  readonly unsentBytes = 0;
  readonly failed: Promise<unknown> = new Promise(() => {});

  write(text: string): void {
    this.text += text;
  }

  progress(): Promise<void> {
    return new Promise(() => {});
  }

  drained(): Promise<void> {
    return Promise.resolve();
  }
}
